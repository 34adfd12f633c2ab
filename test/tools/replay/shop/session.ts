/** Someone's access to the shop, kept alive: access tokens last minutes, a replay of a whole year takes longer. */
import * as z from 'zod/mini'
import { answerLine, type ShopAnswer, type ShopApi } from '../../../../cdk/operate/command-line/shop-api.ts'

const Tokens = z.object({ accessToken: z.string(), refreshToken: z.string(), expiresIn: z.number() })
const WithTokens = z.object({ tokens: Tokens })

export type Session = {
  /** A token that is good for another minute at least. @throws Error when the shop refuses to renew it */
  token(): Promise<string>
}

const renewBeforeMs = 60_000

const tokensOf = (path: string, status: number, answer: ShopAnswer): z.infer<typeof Tokens> => {
  if (answer.status !== status) throw new Error(answerLine('POST', path, answer))
  return WithTokens.parse(answer.body).tokens
}

const sessionOf = (api: ShopApi, first: z.infer<typeof Tokens>, now: () => number): Session => {
  let tokens = first
  let expiresAtMs = now() + tokens.expiresIn * 1000
  let renewal: Promise<void> | undefined

  const renew = async (): Promise<void> => {
    const { refreshToken } = tokens
    tokens = tokensOf('/auth/refresh', 200, await api.request('POST', '/auth/refresh', { body: { refreshToken } }))
    expiresAtMs = now() + tokens.expiresIn * 1000
  }

  return {
    async token() {
      if (now() > expiresAtMs - renewBeforeMs) {
        // Refresh tokens rotate, so that all who wait must share one renewal.
        renewal ??= renew().finally(() => {
          renewal = undefined
        })
        await renewal
      }
      return tokens.accessToken
    },
  }
}

export const beGuest = async (api: ShopApi, now = Date.now): Promise<Session> =>
  sessionOf(api, tokensOf('/auth/guest', 201, await api.request('POST', '/auth/guest')), now)

export const logIn = async (
  api: ShopApi,
  credentials: { email: string; password: string },
  now = Date.now,
): Promise<Session> =>
  sessionOf(api, tokensOf('/auth/login', 200, await api.request('POST', '/auth/login', { body: credentials })), now)
