import { retryOnConflict } from '../../../../shared/runtime/retry-on-conflict.ts'
import { isStale, notFound, serve, staleVersion } from '../../../../shared/runtime/serve.ts'
import { endpoints } from '../../contract.ts'
import * as parts from '../../parts.ts'
import { withoutEntry } from '../addresses.ts'

export const handler = serve(
  endpoints.removeAddress,
  { profiles: parts.profiles },
  function removeAddress({ caller, params: { addressId }, ifMatch }, { profiles }) {
    return retryOnConflict(async () => {
      const book = await profiles.getBook(caller.id)
      if (!book.entries.some(({ id }) => id === addressId)) return notFound('address')
      if (isStale(ifMatch, book.version)) return staleVersion()
      const written = await profiles.saveBook(withoutEntry(book, addressId))
      if (written === 'erased') return notFound('address')
      return written && { body: undefined, version: written.version }
    })
  },
)
