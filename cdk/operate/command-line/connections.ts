/**
 * How tools on this machine send requests to a shop: over connections that are kept, since a new one for each request would
 * cost more than the request; so many at a time; and to names that the system may not know.
 */
import { lookup } from 'node:dns'
import { Agent, request as httpRequest } from 'node:http'
import { request as httpsRequest, Agent as SecureAgent } from 'node:https'
import type { LookupFunction } from 'node:net'

export type Connections = {
  /** @throws Error when the shop cannot be reached or gives no answer within 40 s */
  fetch: typeof fetch
  close(): void
}

const limits = { timeoutMs: 40_000, answerBytes: 16 * 1024 * 1024 } as const

/** Names under .localhost are this machine (RFC 6761, 6.3), also where the system does not know them. */
const find: LookupFunction = (name, options, done) =>
  lookup(name.endsWith('.localhost') ? '127.0.0.1' : name, options, done)

/** Answers of these statuses have no content (RFC 9110, 15.3.5 and 15.4.5). */
const isEmpty = (status: number): boolean => status === 204 || status === 304

/**
 * @param url the shop's address, for its scheme: `http://…` or `https://…`
 * @param atOnce how many requests may run at once; further ones wait
 */
export const keptConnections = (url: string, atOnce = 16): Connections => {
  const isSecure = new URL(url).protocol === 'https:'
  const agent = new (isSecure ? SecureAgent : Agent)({ keepAlive: true, maxSockets: atOnce })
  const send = isSecure ? httpsRequest : httpRequest

  return {
    fetch: (input, { method = 'GET', headers, body } = {}) =>
      new Promise((resolve, reject) => {
        const text = typeof body === 'string' ? body : undefined
        const outgoing = send(
          new URL(String(input)),
          {
            agent,
            lookup: find,
            method,
            headers: {
              ...Object.fromEntries(new Headers(headers)),
              ...(text === undefined ? {} : { 'content-length': Buffer.byteLength(text) }),
            },
            timeout: limits.timeoutMs,
          },
          (answer) => {
            const chunks: Buffer[] = []
            let bytes = 0
            answer.on('data', (chunk: Buffer) => {
              bytes += chunk.length
              if (bytes > limits.answerBytes) answer.destroy(new Error('the answer is too large'))
              else chunks.push(chunk)
            })
            answer.on('error', reject)
            answer.on('end', () => {
              const { statusCode: status = 0 } = answer
              const told = new Headers()
              for (const [name, values] of Object.entries(answer.headersDistinct))
                for (const value of values ?? []) told.append(name, value)
              resolve(new Response(isEmpty(status) ? null : Buffer.concat(chunks), { status, headers: told }))
            })
          },
        )
        outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${limits.timeoutMs} ms`)))
        outgoing.on('error', reject)
        outgoing.end(text)
      }),
    close: () => agent.destroy(),
  }
}
