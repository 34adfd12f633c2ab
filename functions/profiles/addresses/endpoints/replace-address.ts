import { checkAddress } from '../../../../shared/domain/address.ts'
import { retryOnConflict } from '../../../../shared/runtime/retry-on-conflict.ts'
import { isStale, notFound, problem, serve, staleVersion } from '../../../../shared/runtime/serve.ts'
import { endpoints } from '../../contract.ts'
import * as parts from '../../parts.ts'
import { addressAnswerOf } from '../../view.ts'
import { withEntry } from '../addresses.ts'

export const handler = serve(
  endpoints.replaceAddress,
  { profiles: parts.profiles },
  async function replaceAddress(
    { caller, params: { addressId: id }, body: { defaultFor, ...given }, ifMatch },
    { profiles },
  ) {
    const checked = checkAddress(given)
    return retryOnConflict(async () => {
      const book = await profiles.getBook(caller.id)
      if (!book.entries.some((entry) => entry.id === id)) return notFound('address')
      if (isStale(ifMatch, book.version)) return staleVersion()
      if (!checked.ok)
        return problem('INVALID_INPUT', 'No address in this country looks like that.', { errors: checked.errors })
      const written = await profiles.saveBook(withEntry(book, { id, address: checked.address }, defaultFor))
      if (written === 'erased') return notFound('address')
      return written && addressAnswerOf(written, id)
    })
  },
)
