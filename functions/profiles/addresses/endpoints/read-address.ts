import { newId, now } from '../../../../shared/runtime/clock.ts'
import { type Handle, notFound, serve } from '../../../../shared/runtime/serve.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { endpoints } from '../../contract.ts'
import { type ProfilesTable, profilesTable } from '../../table.ts'
import { addressAnswerOf } from '../../view.ts'

export const readAddress =
  ({ profiles }: { profiles: Pick<ProfilesTable, 'getBook'> }): Handle<typeof endpoints.readAddress> =>
  async ({ caller, params }) =>
    addressAnswerOf(await profiles.getBook(caller.id), params.addressId) ?? notFound('address')

export const handler = serve(endpoints.readAddress, () =>
  readAddress({ profiles: profilesTable({ table: openTable(), now, newId }) }),
)
