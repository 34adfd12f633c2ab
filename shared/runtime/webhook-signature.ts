/**
 * Signatures of webhooks after Standard Webhooks (https://www.standardwebhooks.com): HMAC-SHA256 over id, time and the
 * raw body, so that neither can be changed and an old message cannot be sent again later. Secrets and signatures are those that
 * the libraries for Standard Webhooks make and take.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'

/** A message older or newer than this is refused. Seconds. */
export const toleranceSeconds = 5 * 60

/** What the specification asks of a key: 192 to 512 bits. Bytes. */
const [shortestKey, longestKey] = [24, 64]

/**
 * The key of a secret, which is written as `whsec_` and the key in Base64; the prefix may be missing.
 * @throws Error for any other form: it would otherwise sign with other bytes than the sender's library does
 */
const keyOf = (secret: string): Buffer => {
  const text = secret.replace(/^whsec_/, '')
  const key = Buffer.from(text, 'base64')
  const isBase64 = /^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.length % 4 === 0
  if (!isBase64 || key.length < shortestKey || key.length > longestKey)
    throw new Error(
      `a webhook secret is whsec_ and ${shortestKey} to ${longestKey} bytes in Base64; the one that is set is of another form`,
    )
  return key
}

const signatureOf = (key: Buffer, id: string, timestamp: string, body: string): Buffer =>
  createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest()

/** @param secret `whsec_…` @param nowMs milliseconds since the epoch @returns the headers that go with the body */
export const signWebhook = (secret: string, id: string, body: string, nowMs: number): Record<string, string> => {
  const timestamp = String(Math.floor(nowMs / 1000))
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signatureOf(keyOf(secret), id, timestamp, body).toString('base64')}`,
  }
}

/**
 * @param secrets all that are valid, `whsec_…` each: two while one takes over from the other
 * @returns true when one of the signatures was made with one of the secrets, within five minutes of now
 */
export const isSignedWebhook = (
  secrets: readonly string[],
  headers: Readonly<Record<string, string | undefined>>,
  body: string,
  nowMs: number,
): boolean => {
  const keys = secrets.map(keyOf)
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = headers
  if (!id || !timestamp || !signatures || !/^\d{1,12}$/.test(timestamp)) return false
  if (Math.abs(nowMs / 1000 - Number(timestamp)) > toleranceSeconds) return false
  const given = signatures
    .split(' ')
    .slice(0, 10)
    .flatMap((signature) => {
      const [version, value] = signature.split(',')
      return version === 'v1' && value ? [Buffer.from(value, 'base64')] : []
    })
  return keys.some((key) => {
    const expected = signatureOf(key, id, timestamp, body)
    return given.some((signature) => signature.length === expected.length && timingSafeEqual(signature, expected))
  })
}
