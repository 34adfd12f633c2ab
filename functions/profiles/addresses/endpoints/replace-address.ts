import { checkAddress } from '../../../../shared/domain/address.ts'
import { newId, now } from '../../../../shared/runtime/clock.ts'
import { repeated } from '../../../../shared/runtime/repeated.ts'
import {
  type Answer,
  type Handle,
  isStale,
  notFound,
  problem,
  serve,
  staleVersion,
} from '../../../../shared/runtime/serve.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { endpoints } from '../../contract.ts'
import { type ProfilesTable, profilesTable } from '../../table.ts'
import { addressAnswerOf } from '../../view.ts'
import { withEntry } from '../addresses.ts'

type Dependencies = { profiles: Pick<ProfilesTable, 'getBook' | 'saveBook'> }

export const replaceAddress =
  ({ profiles }: Dependencies): Handle<typeof endpoints.replaceAddress> =>
  async ({ caller, params: { addressId: id }, body: { defaultFor, ...given }, ifMatch }) => {
    const checked = checkAddress(given)
    return repeated<Answer<typeof endpoints.replaceAddress>>(async () => {
      const book = await profiles.getBook(caller.id)
      if (!book.entries.some((entry) => entry.id === id)) return notFound('address')
      if (isStale(ifMatch, book.version)) return staleVersion()
      if (!checked.ok)
        return problem('INVALID_INPUT', 'No address in this country looks like that.', { errors: checked.errors })
      const written = await profiles.saveBook(withEntry(book, { id, address: checked.address }, defaultFor))
      if (written === 'erased') return notFound('address')
      return written && addressAnswerOf(written, id)
    })
  }

export const handler = serve(endpoints.replaceAddress, () =>
  replaceAddress({ profiles: profilesTable({ table: openTable(), now, newId }) }),
)
