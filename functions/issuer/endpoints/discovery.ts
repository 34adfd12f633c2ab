import { serve } from '../../../shared/runtime/serve.ts'
import { endpoints } from '../contract.ts'
import * as parts from '../parts.ts'

export const handler = serve(endpoints.discovery, { issuer: parts.issuer }, async function discovery(_, { issuer }) {
  return {
    body: {
      issuer,
      jwks_uri: `${issuer}${endpoints.jwks.path}`,
      id_token_signing_alg_values_supported: ['RS256' as const],
      response_types_supported: ['none'],
      subject_types_supported: ['public' as const],
      scopes_supported: ['shop', 'staff'],
    },
    headers: { 'cache-control': 'public, max-age=300' },
  }
})
