import { checkAddress } from '../../../../shared/domain/address.ts'
import { newId } from '../../../../shared/runtime/clock.ts'
import { retryOnConflict } from '../../../../shared/runtime/retry-on-conflict.ts'
import { isStale, notFound, problem, serve, staleVersion } from '../../../../shared/runtime/serve.ts'
import { endpoints } from '../../contract.ts'
import * as parts from '../../parts.ts'
import { addressAnswerOf } from '../../view.ts'
import { type AddressBook, mostAddresses, withEntry } from '../addresses.ts'

const added = (book: AddressBook, id: string) => {
  const answer = addressAnswerOf(book, id)
  return answer && { ...answer, location: `/me/addresses/${id}` }
}

export const handler = serve(
  endpoints.addAddress,
  { table: parts.table, profiles: parts.profiles },
  async function addAddress(
    { caller, body: { defaultFor, ...given }, ifMatch, idempotencyKey, replayOf },
    { profiles },
  ) {
    if (replayOf) return added(await profiles.getBook(caller.id), replayOf) ?? notFound('address')
    const checked = checkAddress(given)
    if (!checked.ok)
      return problem('INVALID_INPUT', 'No address in this country looks like that.', { errors: checked.errors })
    const { address } = checked
    const id = newId('adr')
    return retryOnConflict(async () => {
      const book = await profiles.getBook(caller.id)
      if (isStale(ifMatch, book.version)) return staleVersion()
      if (book.entries.length >= mostAddresses)
        return problem('TOO_MANY_ADDRESSES', `At most ${mostAddresses} addresses are kept.`)
      const written = await profiles.saveBook(withEntry(book, { id, address }, defaultFor), {
        idempotencyKey,
        resource: id,
      })
      return written === 'erased' ? notFound('account') : written && added(written, id)
    })
  },
)
