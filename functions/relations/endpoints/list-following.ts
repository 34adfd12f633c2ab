import { type Call, call, withFallback } from '../../../shared/runtime/call.ts'
import { newId, now } from '../../../shared/runtime/clock.ts'
import { type Handle, notFound, serve } from '../../../shared/runtime/serve.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { findUser } from '../../published/identity.ts'
import { noProfiles, publicProfiles } from '../../published/profiles.ts'
import { endpoints } from '../contract.ts'
import { type Dependencies as ListDependencies, listPeople } from '../people.ts'
import { relationsTable } from '../table.ts'

type Dependencies = ListDependencies & { findUser: Call<typeof findUser> }

/** Only where the list is empty it is asked whether there is such a user at all. */
export const listFollowing = (dependencies: Dependencies): Handle<typeof endpoints.listFollowing> => {
  const list = listPeople(dependencies)
  return async ({ params: { userId }, query }) => {
    const body = await list('following', userId, query)
    if (body.data.length === 0 && !(await dependencies.findUser({ userId })).user) return notFound('user')
    return { body }
  }
}

export const handler = serve(endpoints.listFollowing, () =>
  listFollowing({
    relations: relationsTable({ table: openTable(), now, newId }),
    publicProfiles: withFallback(call(publicProfiles), noProfiles),
    findUser: call(findUser),
  }),
)
