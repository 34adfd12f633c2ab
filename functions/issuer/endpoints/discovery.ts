import { type Handle, serve } from '../../../shared/runtime/serve.ts'
import { setting } from '../../../shared/runtime/settings.ts'
import { endpoints } from '../contract.ts'

/** @param issuer the issuer's address, without a trailing slash */
export const discovery =
  ({ issuer }: { issuer: string }): Handle<typeof endpoints.discovery> =>
  async () => ({
    body: {
      issuer,
      jwks_uri: `${issuer}${endpoints.jwks.path}`,
      id_token_signing_alg_values_supported: ['RS256'],
      response_types_supported: ['none'],
      subject_types_supported: ['public'],
      scopes_supported: ['shop', 'staff'],
    },
    headers: { 'cache-control': 'public, max-age=300' },
  })

export const handler = serve(endpoints.discovery, () => discovery({ issuer: setting('TOKEN_ISSUER') }))
