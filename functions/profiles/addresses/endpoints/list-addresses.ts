import { newId, now } from '../../../../shared/runtime/clock.ts'
import { type Handle, serve } from '../../../../shared/runtime/serve.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { endpoints } from '../../contract.ts'
import { type ProfilesTable, profilesTable } from '../../table.ts'
import { addressViewOf } from '../../view.ts'

export const listAddresses =
  ({ profiles }: { profiles: Pick<ProfilesTable, 'getBook'> }): Handle<typeof endpoints.listAddresses> =>
  async ({ caller }) => {
    const book = await profiles.getBook(caller.id)
    return { body: { data: book.entries.map((entry) => addressViewOf(book, entry)) }, version: book.version }
  }

export const handler = serve(endpoints.listAddresses, () =>
  listAddresses({ profiles: profilesTable({ table: openTable(), now, newId }) }),
)
