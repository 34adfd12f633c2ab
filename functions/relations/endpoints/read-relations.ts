import { type Call, call } from '../../../shared/runtime/call.ts'
import { newId, now } from '../../../shared/runtime/clock.ts'
import { type Handle, notFound, serve } from '../../../shared/runtime/serve.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { findUser } from '../../published/identity.ts'
import { endpoints } from '../contract.ts'
import { type RelationsTable, relationsTable } from '../table.ts'

type Dependencies = { relations: Pick<RelationsTable, 'getPair' | 'counts'>; findUser: Call<typeof findUser> }

/** Only where nobody is related to them it is asked whether there is such a user at all. */
export const readRelations =
  ({ relations, findUser }: Dependencies): Handle<typeof endpoints.readRelations> =>
  async ({ params: { userId }, caller }) => {
    const [counts, { mine, theirs }] = await Promise.all([
      relations.counts(userId),
      relations.getPair(caller.id, userId),
    ])
    const isAlone = counts.followers === 0 && counts.following === 0
    if (isAlone && !(await findUser({ userId })).user) return notFound('user')
    return {
      body: { userId, ...counts, amIFollowing: mine.since !== undefined, followsMe: theirs.since !== undefined },
    }
  }

export const handler = serve(endpoints.readRelations, () =>
  readRelations({ relations: relationsTable({ table: openTable(), now, newId }), findUser: call(findUser) }),
)
