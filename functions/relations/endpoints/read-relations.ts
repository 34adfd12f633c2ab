import { notFound, serve } from '../../../shared/runtime/serve.ts'
import { endpoints } from '../contract.ts'
import * as parts from '../parts.ts'

/** Only where nobody is related to them it is asked whether there is such a user at all. */
export const handler = serve(
  endpoints.readRelations,
  { relations: parts.relations, findUser: parts.findUser },
  async function readRelations({ params: { userId }, caller }, { relations, findUser }) {
    const [counts, { mine, theirs }] = await Promise.all([
      relations.counts(userId),
      relations.getPair(caller.id, userId),
    ])
    const isAlone = counts.followers === 0 && counts.following === 0
    if (isAlone && !(await findUser({ userId })).user) return notFound('user')
    return {
      body: { userId, ...counts, amIFollowing: mine.since !== undefined, followsMe: theirs.since !== undefined },
    }
  },
)
