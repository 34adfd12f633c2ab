import { serve } from '../../../../shared/runtime/serve.ts'
import { endpoints } from '../../contract.ts'
import * as parts from '../../parts.ts'
import { addressViewOf } from '../../view.ts'

export const handler = serve(
  endpoints.listAddresses,
  { profiles: parts.profiles },
  async function listAddresses({ caller }, { profiles }) {
    const book = await profiles.getBook(caller.id)
    return { body: { data: book.entries.map((entry) => addressViewOf(book, entry)) }, version: book.version }
  },
)
