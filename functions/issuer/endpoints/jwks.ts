import { serve } from '../../../shared/runtime/serve.ts'
import { endpoints } from '../contract.ts'
import * as parts from '../parts.ts'

export const handler = serve(endpoints.jwks, { publicKeys: parts.publicKeys }, async function jwks(_, { publicKeys }) {
  return { body: { keys: await publicKeys() }, headers: { 'cache-control': 'public, max-age=300' } }
})
