/**
 * The shop's public API as a tool on this machine sees it: JSON requests over connections that are kept, since a new
 * connection for each request would cost more than the request.
 */
import { lookup } from 'node:dns'
import { Agent, request as httpRequest, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http'
import { request as httpsRequest, Agent as SecureAgent } from 'node:https'
import type { LookupFunction } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export type ShopRequest = {
  token?: string | undefined
  /** Sent as JSON. */
  body?: unknown
  /** `Idempotency-Key`: makes a POST safe to repeat. */
  key?: string | undefined
  /** `Prefer: wait=N`, 1 to 20 seconds. */
  waitSeconds?: number | undefined
}

export type ShopAnswer = { status: number; headers: IncomingHttpHeaders; body: unknown }

export type ShopApi = {
  /** Sends one request. @throws Error when the shop cannot be reached or gives no answer within 40 s */
  request(method: string, path: string, request?: ShopRequest): Promise<ShopAnswer>
  close(): void
}

export const shopApiLimits = { attempts: 5, timeoutMs: 40_000, answerBytes: 16 * 1024 * 1024 } as const

/** Busy (429, 503), or a request with the same key still running (409 with Retry-After): the same request may succeed later. */
const asksForPatience = ({ status, headers }: ShopAnswer): boolean =>
  status === 429 || status === 503 || (status === 409 && headers['retry-after'] !== undefined)

const parsed = (text: string): unknown => {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    // Not every answer is JSON (a proxy's error page): then its text is all that can be told.
    return text
  }
}

const headersOf = ({ token, key, waitSeconds }: ShopRequest, body: string | undefined): OutgoingHttpHeaders => ({
  accept: 'application/json',
  ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  ...(key === undefined ? {} : { 'idempotency-key': key }),
  ...(waitSeconds === undefined ? {} : { prefer: `wait=${waitSeconds}` }),
  ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
})

/** Names under .localhost are this machine (RFC 6761, 6.3), also where the system does not know them. */
const find: LookupFunction = (name, options, done) =>
  lookup(name.endsWith('.localhost') ? '127.0.0.1' : name, options, done)

/**
 * @param baseUrl `http://…` or `https://…`; a path in it is kept
 * @param connections how many requests may run at once; further ones wait
 */
export const openShopApi = (baseUrl: string, connections = 16): ShopApi => {
  const base = new URL(baseUrl)
  const isSecure = base.protocol === 'https:'
  const agent = new (isSecure ? SecureAgent : Agent)({ keepAlive: true, maxSockets: connections })
  const send = isSecure ? httpsRequest : httpRequest
  const prefix = base.pathname.replace(/\/+$/, '')

  const once = (method: string, path: string, request: ShopRequest): Promise<ShopAnswer> =>
    new Promise((resolve, reject) => {
      const body = request.body === undefined ? undefined : JSON.stringify(request.body)
      const fail = (cause: Error) => reject(new Error(`${method} ${path}: ${cause.message}`, { cause }))
      const outgoing = send(
        {
          agent,
          lookup: find,
          host: base.hostname,
          port: base.port,
          path: prefix + path,
          method,
          headers: headersOf(request, body),
          timeout: shopApiLimits.timeoutMs,
        },
        (answer) => {
          const chunks: Buffer[] = []
          let bytes = 0
          answer.on('data', (chunk: Buffer) => {
            bytes += chunk.length
            if (bytes > shopApiLimits.answerBytes) answer.destroy(new Error('the answer is too large'))
            else chunks.push(chunk)
          })
          answer.on('error', fail)
          answer.on('end', () =>
            resolve({
              status: answer.statusCode ?? 0,
              headers: answer.headers,
              body: parsed(Buffer.concat(chunks).toString('utf8')),
            }),
          )
        },
      )
      outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${shopApiLimits.timeoutMs} ms`)))
      outgoing.on('error', fail)
      outgoing.end(body)
    })

  return {
    async request(method, path, request = {}) {
      const isRepeatable = method !== 'POST' || request.key !== undefined
      for (let attempt = 1; ; attempt += 1) {
        const answer = await once(method, path, request)
        if (!isRepeatable || !asksForPatience(answer) || attempt === shopApiLimits.attempts) return answer
        await sleep(Math.min(5, Number(answer.headers['retry-after'] ?? 1) || 1) * 1000)
      }
    },
    close: () => agent.destroy(),
  }
}

/** One line that says what the shop answered instead of what was hoped for: method, path, status, code and detail. */
export const answerLine = (method: string, path: string, { status, body }: ShopAnswer): string => {
  const problem = typeof body === 'object' && body !== null ? body : {}
  const code = 'code' in problem ? ` ${String(problem.code)}` : ''
  const detail = 'detail' in problem ? `: ${String(problem.detail)}` : ''
  return `${method} ${path} answered ${status}${code}${detail}`
}
