/** Access to the shop as somebody. Each client renews its own token: a replay of a whole year takes longer than one lasts. */
import { keptConnections } from '../../../../cdk/operate/command-line/connections.ts'
import { openShop, type ShopClient, type Tokens, tokensInMemory } from '../../../../functions/client.ts'

export type Entrance = {
  beGuest(): Promise<ShopClient>
  /** @throws ShopProblem where the shop does not let them in */
  logIn(credentials: { email: string; password: string }): Promise<ShopClient>
  /** Requests that were sent so far. */
  count(): number
  close(): void
}

/** @param atOnce how many requests may run at once */
export const entranceTo = (url: string, atOnce?: number): Entrance => {
  const connections = keptConnections(url, atOnce)
  let requests = 0
  const send: typeof fetch = (input, init) => {
    requests += 1
    return connections.fetch(input, init)
  }
  const enter = async (door: (shop: ShopClient) => Promise<{ tokens: Tokens }>): Promise<ShopClient> => {
    const tokens = tokensInMemory()
    const shop = openShop({ url, tokens, fetch: send })
    tokens.write((await door(shop)).tokens)
    return shop
  }
  return {
    beGuest: () => enter((shop) => shop.expect('POST /auth/guest')),
    logIn: (credentials) => enter((shop) => shop.expect('POST /auth/login', { body: credentials })),
    count: () => requests,
    close: connections.close,
  }
}
