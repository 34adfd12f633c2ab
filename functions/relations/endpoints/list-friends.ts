import { call, withFallback } from '../../../shared/runtime/call.ts'
import { newId, now } from '../../../shared/runtime/clock.ts'
import { type Handle, serve } from '../../../shared/runtime/serve.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { noProfiles, publicProfiles } from '../../published/profiles.ts'
import { endpoints } from '../contract.ts'
import { type Dependencies, listPeople } from '../people.ts'
import { relationsTable } from '../table.ts'

export const listFriends = (dependencies: Dependencies): Handle<typeof endpoints.listFriends> => {
  const list = listPeople(dependencies)
  return async ({ query, caller }) => ({ body: await list('friends', caller.id, query) })
}

export const handler = serve(endpoints.listFriends, () =>
  listFriends({
    relations: relationsTable({ table: openTable(), now, newId }),
    publicProfiles: withFallback(call(publicProfiles), noProfiles),
  }),
)
