/** What functions of the issuer need, each made by itself: a function's bundle holds the parts that it names, and no others. */
import { parseSigningKeys, signingKeysVariable } from '../../shared/contract/signing-keys.ts'
import { setting } from '../../shared/runtime/settings.ts'
import { publicKeysOf } from './signing-keys.ts'

/** The issuer's address, without a trailing slash. */
export const issuer = () => setting('TOKEN_ISSUER')
export const publicKeys = () => publicKeysOf(setting('SHOP_PREFIX'), parseSigningKeys(setting(signingKeysVariable)))
