import { serve } from '../../../shared/runtime/serve.ts'
import { endpoints } from '../contract.ts'
import * as parts from '../parts.ts'

export const handler = serve(endpoints.jwks, { signingKey: parts.signingKey }, async function jwks(_, { signingKey }) {
  return { body: { keys: [await signingKey()] }, headers: { 'cache-control': 'public, max-age=300' } }
})
