/** A running shop by its address, and the right of staff in it. */
import { resolve } from 'node:path'
import { openShop, type ShopClient, type Tokens, tokensInMemory } from '../../../functions/client.ts'
import { readAnnouncement } from '../../local/state/announcement.ts'
import { localStaff } from '../start/staff.ts'
import { keptConnections } from './connections.ts'

/** What the person who called can do something about: told without a stack. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/**
 * @param url what the person gave, if anything
 * @param folder where a shop on this machine keeps its data
 * @returns the given address, or where the shop of that folder answers, whatever its port
 * @throws UsageError where neither tells a shop
 */
export const shopUrl = (url: string | undefined, folder: string): string => {
  if (url !== undefined) return url
  const found = readAnnouncement(folder)
  if (found) return found.url
  throw new UsageError(
    `no shop runs on ${resolve(folder)}: open it with npm start, give its folder with --folder, or its --url`,
  )
}

const isLocal = (url: string): boolean => {
  const host = URL.canParse(url) ? new URL(url).hostname : undefined
  if (host === undefined) throw new UsageError(`--url takes an address such as https://api.example.com, not "${url}"`)
  return /^(.+\.)?localhost(\.localstack\.cloud)?$|^127\.|^\[::1\]$/.test(host)
}

const staffTokens = async (shop: ShopClient, url: string): Promise<Tokens> => {
  const given = process.env.SHOP_TOKEN
  if (given) return { accessToken: given }
  if (!isLocal(url)) throw new UsageError('set SHOP_TOKEN to a staff access token of that shop (POST /auth/login)')
  return (await shop.expect('POST /auth/login', { body: localStaff })).tokens
}

/**
 * Does something in a shop as staff: by SHOP_TOKEN, or, in one on this machine, by its first account.
 * @throws UsageError where url is no address, or no token is given
 */
export const asStaff = async <T>(url: string, act: (shop: ShopClient) => Promise<T>): Promise<T> => {
  isLocal(url)
  const { fetch, close } = keptConnections(url)
  const tokens = tokensInMemory()
  const shop = openShop({ url, tokens, fetch })
  try {
    tokens.write(await staffTokens(shop, url))
    return await act(shop)
  } finally {
    close()
  }
}

const hints: readonly (readonly [RegExp, string])[] = [
  [/ECONNREFUSED/, 'No shop answers there: open it with npm start, or give its --url.'],
  [/ENOTFOUND|EAI_AGAIN/, 'There is no such address: --url takes what the output ApiUrl says.'],
  [/answered 40[13] /, 'SHOP_TOKEN takes an access token of staff, which lasts 15 minutes: log in (POST /auth/login).'],
]

/** What went wrong, and, where it is known, what can be done about it. */
export const toldOf = (error: unknown): string => {
  const reason = error instanceof Error ? error.message : String(error)
  const hint = hints.find(([pattern]) => pattern.test(reason))?.[1]
  return hint ? `${reason}\n${hint}` : reason
}
