/** Requests that are open to all and show staff more: whether a token is that of somebody who is staff now. Declared `forStaff`. */
import { lazy } from '../../../shared/runtime/lazy.ts'
import { setting } from '../../../shared/runtime/settings.ts'
import { stillStaff } from '../../../shared/runtime/staff-check.ts'
import { isStaffToken, keysOf } from '../../../shared/runtime/verify-token.ts'

/** @param authorization the header of that name; none, or one that does not hold, is nobody of the staff */
export type IsStaff = (authorization: string | undefined) => Promise<boolean>

/** Keys are looked for when the first token comes: most requests have none that matters. */
export const staffTokens = (): IsStaff => {
  const verifier = lazy(() => {
    const issuer = setting('TOKEN_ISSUER')
    return { issuer, findKey: keysOf(issuer), isStillStaff: stillStaff() }
  })
  return async (authorization) => authorization !== undefined && isStaffToken(authorization, verifier())
}
