/** What functions of the issuer need, each made by itself: a function's bundle holds the parts that it names, and no others. */
import { setting } from '../../shared/runtime/settings.ts'
import { publicKeyOf } from './signing-key.ts'

/** The issuer's address, without a trailing slash. */
export const issuer = () => setting('TOKEN_ISSUER')
export const signingKey = () => publicKeyOf(setting('SIGNING_KEY_ID'))
