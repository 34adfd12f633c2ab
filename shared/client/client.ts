/**
 * The public API as functions: routes, parameters, bodies, answers and problems have the types of the contracts. Runs in
 * browsers and in Node, and needs nothing but `fetch`.
 */
import type { AnswerOf, Arguments, BodyOf, ItemOf, PagedRoute, Routes } from './routes.ts'

/** Without a refresh token, an expired one is not renewed. */
export type Tokens = { accessToken: string; refreshToken?: string }

/** Where the caller's tokens are kept: in memory, or wherever a page may. */
export type TokenStore = { read(): Tokens | undefined; write(tokens: Tokens | undefined): void }

/** Keeps tokens as long as the program runs. */
export const tokensInMemory = (): TokenStore => {
  let held: Tokens | undefined
  return {
    read: () => held,
    write: (tokens) => {
      held = tokens
    },
  }
}

export type ClientOptions = {
  /** The shop's address: `https://api.example.com`; a path in it is kept. */
  url: string
  tokens?: TokenStore
  /** Another way to send a request, such as one with connections of its own. */
  fetch?: typeof fetch
  /** Waits so many milliseconds; tests hand in one that does not. */
  sleep?: (milliseconds: number) => Promise<void>
}

/** Requests sent for one call, the first included, where the shop says that the same may succeed later. */
const attempts = 5

/** Seconds that are waited between two of them at most, whatever `Retry-After` says. */
const longestPauseSeconds = 30

/** A problem that stood in the way, thrown by `expect` and `items`: `code` says which. */
export class ShopProblem extends Error {
  override readonly name = 'ShopProblem'
  readonly status: number
  readonly code: string
  readonly problem: { readonly code: string; readonly detail: string }
  constructor(route: string, status: number, problem: { readonly code: string; readonly detail: string }) {
    super(`${route} answered ${status} ${problem.code}: ${problem.detail}`)
    this.status = status
    this.code = problem.code
    this.problem = problem
  }
}

/** No answer came: the request may have been carried out. Repeat it with the same `key` to do it once. */
export class ShopUnreachable extends Error {
  override readonly name = 'ShopUnreachable'
  readonly key: string | undefined
  constructor(route: string, key: string | undefined, cause: unknown) {
    super(`${route}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    this.key = key
  }
}

export type Client<R extends Routes> = {
  /** Sends a request and gives its answer, a problem included. @throws ShopUnreachable where there is none */
  request<Route extends keyof R & string>(route: Route, ...request: Arguments<R[Route]>): Promise<AnswerOf<R[Route]>>
  /** Sends a request that must succeed, and gives its body. @throws ShopProblem, ShopUnreachable */
  expect<Route extends keyof R & string>(route: Route, ...request: Arguments<R[Route]>): Promise<BodyOf<R[Route]>>
  /** Everything that a route lists, page after page, as it is iterated. @throws ShopProblem, ShopUnreachable */
  items<Route extends PagedRoute<R> & string>(
    route: Route,
    ...request: Arguments<R[Route]>
  ): AsyncGenerator<ItemOf<R[Route]>, void, undefined>
}

type Parts = {
  params?: Readonly<Record<string, unknown>>
  query?: Readonly<Record<string, unknown>>
  body?: unknown
  token?: string
  key?: string
  ifMatch?: string
  waitSeconds?: number
  signal?: AbortSignal
}

const pathOf = (template: string, params: Parts['params'] = {}): string =>
  template.replace(/\{(\w+)\+?\}/g, (_, name: string) => encodeURIComponent(String(params[name])))

const queryOf = (query: Parts['query'] = {}): string => {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query))
    for (const one of [value].flat()) if (one !== undefined) search.append(name, String(one))
  return search.size > 0 ? `?${search}` : ''
}

/** `Retry-After` in milliseconds, as seconds or as a date (RFC 9110, 10.2.3); undefined where it is not said. */
const pauseOf = (headers: Headers): number | undefined => {
  const text = headers.get('retry-after')
  if (text === null) return undefined
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1000
  return Math.max(0, Math.min(longestPauseSeconds, seconds || 0)) * 1000
}

/** Busy (429, 503), or the same request still running (409 with Retry-After): the same may succeed later. */
const asksForPatience = ({ status, headers }: Response): boolean =>
  status === 429 || status === 503 || (status === 409 && headers.has('retry-after'))

const bareProblems: Readonly<Record<number, string>> = {
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  413: 'BODY_TOO_LARGE',
  429: 'TOO_MANY_REQUESTS',
  503: 'UNAVAILABLE',
}

/** What the gateway or something before it says in its own words becomes a problem like any other. */
const problemOf = (status: number, body: unknown) => {
  if (typeof body === 'object' && body !== null && 'code' in body && 'detail' in body) return body
  const code = bareProblems[status] ?? (status < 500 ? 'INVALID_INPUT' : 'INTERNAL')
  const said =
    typeof body === 'object' && body !== null && 'message' in body ? String(body.message) : String(body ?? '')
  return { type: 'about:blank', title: code, status, detail: said, instance: '', code, trace_id: '' }
}

/** JSON as what it says, a picture as its bytes, anything else as text; nothing for no content. */
const bodyOf = async (response: Response): Promise<unknown> => {
  const type = response.headers.get('content-type') ?? ''
  if (/^image\/(?!svg)/.test(type)) return new Uint8Array(await response.arrayBuffer())
  const text = await response.text()
  if (text === '') return undefined
  if (!/\bjson\b/.test(type)) return text
  try {
    return JSON.parse(text)
  } catch {
    // Cut off, or another's page under JSON's name: then its text is all that can be told.
    return text
  }
}

/** @example createClient<ShopRoutes>({ url }).expect('GET /orders/{orderId}', { params: { orderId } }) */
export const createClient = <R extends Routes>(options: ClientOptions): Client<R> => {
  const { tokens, fetch: send = fetch } = options
  const sleep = options.sleep ?? ((milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)))
  const base = options.url.replace(/\/+$/, '')
  let refreshing: Promise<void> | undefined

  /** One for all requests that find the token expired; a session that has ended leaves no tokens behind. */
  const refresh = (refreshToken: string): Promise<void> => {
    refreshing ??= (async () => {
      const response = await send(`${base}/auth/refresh`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ refreshToken }),
      })
      if (response.ok) tokens?.write(((await response.json()) as { tokens: Tokens }).tokens)
      else if (response.status < 500 && response.status !== 429) tokens?.write(undefined)
    })().finally(() => {
      refreshing = undefined
    })
    return refreshing
  }

  const call = async (route: string, parts: Parts): Promise<Response> => {
    const [method = '', template = ''] = route.split(' ', 2)
    const url = base + pathOf(template, parts.params) + queryOf(parts.query)
    const key = parts.key ?? (method === 'POST' ? crypto.randomUUID() : undefined)
    const idempotencyKey = async (): Promise<Response> => {
      const accessToken = parts.token ?? tokens?.read()?.accessToken
      const headers = new Headers({ accept: 'application/json' })
      if (accessToken !== undefined) headers.set('authorization', `Bearer ${accessToken}`)
      if (key !== undefined) headers.set('idempotency-key', key)
      if (parts.ifMatch !== undefined) headers.set('if-match', parts.ifMatch)
      if (parts.waitSeconds !== undefined) headers.set('prefer', `wait=${parts.waitSeconds}`)
      if (parts.body !== undefined) headers.set('content-type', 'application/json')
      try {
        return await send(url, {
          method,
          headers,
          ...(parts.body === undefined ? {} : { body: JSON.stringify(parts.body) }),
          ...(parts.signal === undefined ? {} : { signal: parts.signal }),
        })
      } catch (cause) {
        throw new ShopUnreachable(route, key, cause)
      }
    }
    let response = await idempotencyKey()
    const refreshToken = parts.token === undefined ? tokens?.read()?.refreshToken : undefined
    if (response.status === 401 && refreshToken !== undefined) {
      await refresh(refreshToken)
      if (tokens?.read() !== undefined) response = await idempotencyKey()
    }
    for (let attempt = 1; attempt < attempts && asksForPatience(response); attempt += 1) {
      await sleep(pauseOf(response.headers) ?? 1000)
      response = await idempotencyKey()
    }
    return response
  }

  const request = async (route: string, parts: Parts = {}) => {
    const response = await call(route, parts)
    const { ok, status, headers } = response
    const body = await bodyOf(response)
    return ok ? { ok, status, headers, body } : { ok, status, headers, problem: problemOf(status, body) }
  }

  const expect = async (route: string, parts: Parts = {}): Promise<unknown> => {
    const answer = await request(route, parts)
    if (!answer.ok) throw new ShopProblem(route, answer.status, answer.problem as ShopProblem['problem'])
    return answer.body
  }

  async function* items(route: string, parts: Parts = {}): AsyncGenerator<unknown, void, undefined> {
    let cursor: string | null | undefined
    do {
      const query = cursor ? { ...parts.query, cursor } : parts.query
      const page = (await expect(route, { ...parts, ...(query ? { query } : {}) })) as {
        data: unknown[]
        next_cursor: string | null
      }
      yield* page.data
      cursor = page.next_cursor
    } while (cursor)
  }

  // What is sent and answered is typed by the contracts, which both sides share; the code above knows shapes of HTTP only.
  return { request, expect, items } as Client<R>
}
