/**
 * Content that stays the same while an instance lives: compressed once for each coding, sent as the client takes it (RFC 9110
 * 12.5.3), with a tag by which it is not sent again.
 */
import { createHash } from 'node:crypto'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const codings = ['br', 'gzip', 'identity'] as const
type Coding = (typeof codings)[number]

/** Nearly as small as the highest level, in a tenth of its time: a new instance does it while somebody waits. */
const brotliLevel = 6

/** `gzip;q=0.5, br` -> how much each is wanted, from 0 (not at all) to 1. */
const wishesOf = (header: string): Map<string, number> => {
  const wishes = header
    .toLowerCase()
    .split(',')
    .slice(0, 50)
    .map((part) => part.split(';').map((text) => text.trim()))
  return new Map(
    wishes.map(([name = '', ...parameters]) => {
      const quality = Number(parameters.find((text) => text.startsWith('q='))?.slice(2) ?? 1)
      return [name, Number.isFinite(quality) ? quality : 0]
    }),
  )
}

/** The coding that is wanted most; of equal ones the smallest. What is not named is not taken, but for none at all. */
export const codingFor = (acceptEncoding: string | undefined): Coding => {
  const wishes = wishesOf(acceptEncoding ?? '')
  const others = wishes.get('*') ?? 0
  const wanted = (coding: Coding): number =>
    wishes.get(coding) ?? (coding === 'identity' ? Math.max(others, 0.001) : others)
  return codings.reduce((best, coding) => (wanted(coding) > wanted(best) ? coding : best))
}

const encode = (content: string, coding: Coding): Uint8Array => {
  if (coding === 'identity') return Buffer.from(content)
  if (coding === 'gzip') return gzipSync(content, { level: 9 })
  return brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: brotliLevel } })
}

export type FixedAnswer = { body: Uint8Array; headers: Record<string, string> }

/** @param headers of every answer with it @returns the answer for a request with these header fields */
export const fixedContent = (content: string, headers: Readonly<Record<string, string>>) => {
  const hash = createHash('sha256').update(content).digest('base64url').slice(0, 22)
  const kept = new Map<Coding, Uint8Array>()
  return (request: Readonly<Record<string, string | undefined>>): FixedAnswer => {
    const coding = codingFor(request['accept-encoding'])
    const body = kept.get(coding) ?? encode(content, coding)
    kept.set(coding, body)
    return {
      body,
      headers: {
        ...headers,
        vary: 'accept-encoding',
        // Other bytes, another tag (RFC 9110 8.8.3.3).
        etag: coding === 'identity' ? `"${hash}"` : `"${hash}-${coding}"`,
        ...(coding === 'identity' ? {} : { 'content-encoding': coding }),
      },
    }
  }
}
