import { serve } from '../../../shared/runtime/serve.ts'
import { endpoints } from '../contract.ts'
import * as parts from '../parts.ts'
import { listPeople } from '../people.ts'

export const handler = serve(
  endpoints.listFriends,
  { relations: parts.relations, publicProfiles: parts.publicProfiles },
  async function listFriends({ query, caller }, given) {
    return { body: await listPeople(given, 'friends', caller.id, query) }
  },
)
