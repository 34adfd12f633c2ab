import { notFound, serve } from '../../../shared/runtime/serve.ts'
import { endpoints } from '../contract.ts'
import * as parts from '../parts.ts'
import { listPeople } from '../people.ts'

/** Only where the list is empty it is asked whether there is such a user at all. */
export const handler = serve(
  endpoints.listFollowing,
  { relations: parts.relations, publicProfiles: parts.publicProfiles, findUser: parts.findUser },
  async function listFollowing({ params: { userId }, query }, given) {
    const body = await listPeople(given, 'following', userId, query)
    if (body.data.length === 0 && !(await given.findUser({ userId })).user) return notFound('user')
    return { body }
  },
)
