/**
 * Verifies an access token inside a function, for routes that are open to all but show staff more: the gateway's
 * authorizer knows only routes that need a token and routes that do not.
 */
import type { JWTVerifyGetKey } from 'jose'

/** base64url, three parts: looked at before any library sees it, since some take characters that stand for nothing. */
const form = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/

let keys: JWTVerifyGetKey | undefined

/**
 * @param authorization the header; anything but a valid token of ours counts as no token
 * @param audience the `aud` that the token must name
 */
export const isStaffToken = async (
  authorization: string | undefined,
  issuer: string,
  audience: string,
): Promise<boolean> => {
  const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1]
  if (!token || !form.test(token)) return false
  const { createRemoteJWKSet, errors, jwtVerify } = await import('jose')
  keys ??= createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`), { timeoutDuration: 2_000 })
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience,
      algorithms: ['RS256'],
      requiredClaims: ['exp', 'sub'],
    })
    return (
      String(payload.scope ?? '')
        .split(' ')
        .includes('staff') && String(payload.sub).startsWith('usr_')
    )
  } catch (error) {
    if (error instanceof errors.JOSEError) return false
    throw error
  }
}
