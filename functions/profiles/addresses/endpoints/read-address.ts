import { notFound, serve } from '../../../../shared/runtime/serve.ts'
import { endpoints } from '../../contract.ts'
import * as parts from '../../parts.ts'
import { addressAnswerOf } from '../../view.ts'

export const handler = serve(
  endpoints.readAddress,
  { profiles: parts.profiles },
  async function readAddress({ caller, params }, { profiles }) {
    return addressAnswerOf(await profiles.getBook(caller.id), params.addressId) ?? notFound('address')
  },
)
