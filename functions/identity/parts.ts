/** What functions of identity need, each made by itself: a function's bundle holds the parts that it names, and no others. */
import { parseSigningKeys, signingKeysVariable } from '../../shared/contract/signing-keys.ts'
import { call } from '../../shared/runtime/call.ts'
import { setting, shopSettings } from '../../shared/runtime/settings.ts'
import { openTable } from '../../shared/runtime/table.ts'
import { personalDataServices } from './privacy/personal-data-services.ts'
import { erasuresTable } from './privacy/table.ts'
import { attemptsTable } from './sessions/attempts-table.ts'
import { sessionsOf, signerInKms } from './sessions/tokens.ts'
import { identityTable } from './table.ts'

export const table = openTable
export const identity = () => identityTable(openTable())
export const attempts = () => attemptsTable(openTable())
export const erasures = () => erasuresTable(openTable())
export const shopName = () => shopSettings().name

export const sessions = () => {
  const signer = signerInKms(setting('SHOP_PREFIX'), parseSigningKeys(setting(signingKeysVariable)))
  return sessionsOf({ issuer: setting('TOKEN_ISSUER'), signer }, identity())
}

/** How each service that holds something of people is asked for it. */
export const exports = () =>
  personalDataServices.map(({ exportPerson }) => ({ service: exportPerson.service, ask: call(exportPerson) }))
