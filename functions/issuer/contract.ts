import * as z from 'zod/mini'
import { endpoint, service } from '../../shared/contract/endpoint.ts'

const Discovery = z.strictObject({
  issuer: z.string(),
  jwks_uri: z.string(),
  id_token_signing_alg_values_supported: z.array(z.literal('RS256')),
  response_types_supported: z.array(z.string()),
  subject_types_supported: z.array(z.literal('public')),
  scopes_supported: z.array(z.string()),
})

export const JsonWebKey = z.strictObject({
  kty: z.literal('RSA'),
  use: z.literal('sig'),
  alg: z.literal('RS256'),
  kid: z.string(),
  n: z.string(),
  e: z.string(),
})

/** A whole processor: whoever is logged in waits for these where the gateway has forgotten them and the function is cold. */
const memoryMegabytes = 1_769

export const endpoints = {
  discovery: endpoint({
    method: 'GET',
    path: '/.well-known/openid-configuration',
    caller: 'anyone',
    summary: 'Tell who issues tokens and where the keys are (OpenID Connect Discovery 1.0)',
    success: { status: 200, body: Discovery },
    memoryMegabytes,
  }),
  jwks: endpoint({
    method: 'GET',
    path: '/.well-known/jwks.json',
    caller: 'anyone',
    summary: 'Give the public keys that verify access tokens (RFC 7517)',
    success: { status: 200, body: z.strictObject({ keys: z.array(JsonWebKey) }) },
    uses: ['public-keys'],
    memoryMegabytes,
  }),
}

export const issuer = service({
  name: 'issuer',
  summary: 'the keys that sign tokens, and their public halves',
  personalData: 'none',
  endpoints,
})
