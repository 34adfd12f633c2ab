import { newId, now } from '../../../../shared/runtime/clock.ts'
import { repeated } from '../../../../shared/runtime/repeated.ts'
import { type Answer, type Handle, isStale, notFound, serve, staleVersion } from '../../../../shared/runtime/serve.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { endpoints } from '../../contract.ts'
import { type ProfilesTable, profilesTable } from '../../table.ts'
import { withoutEntry } from '../addresses.ts'

type Dependencies = { profiles: Pick<ProfilesTable, 'getBook' | 'saveBook'> }

export const removeAddress =
  ({ profiles }: Dependencies): Handle<typeof endpoints.removeAddress> =>
  ({ caller, params: { addressId }, ifMatch }) =>
    repeated<Answer<typeof endpoints.removeAddress>>(async () => {
      const book = await profiles.getBook(caller.id)
      if (!book.entries.some(({ id }) => id === addressId)) return notFound('address')
      if (isStale(ifMatch, book.version)) return staleVersion()
      const written = await profiles.saveBook(withoutEntry(book, addressId))
      if (written === 'erased') return notFound('address')
      return written && { body: undefined, version: written.version }
    })

export const handler = serve(endpoints.removeAddress, () =>
  removeAddress({ profiles: profilesTable({ table: openTable(), now, newId }) }),
)
