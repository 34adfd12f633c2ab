/**
 * Signatures of webhooks after Standard Webhooks (https://www.standardwebhooks.com): HMAC-SHA256 over id, time and the
 * raw body, so that neither can be changed and an old message cannot be sent again later.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'

/** A message older or newer than this is refused. Seconds. */
export const toleranceSeconds = 5 * 60

const signatureOf = (secret: string, id: string, timestamp: string, body: string): Buffer =>
  createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest()

/** @param nowMs milliseconds since the epoch @returns the headers that go with the body */
export const signWebhook = (secret: string, id: string, body: string, nowMs: number): Record<string, string> => {
  const timestamp = String(Math.floor(nowMs / 1000))
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signatureOf(secret, id, timestamp, body).toString('base64')}`,
  }
}

/**
 * @param secrets all that are valid: two while one takes over from the other
 * @returns true when one of the signatures was made with one of the secrets, within five minutes of now
 */
export const isSignedWebhook = (
  secrets: readonly string[],
  headers: Readonly<Record<string, string | undefined>>,
  body: string,
  nowMs: number,
): boolean => {
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
  return secrets.some((secret) => {
    const expected = signatureOf(secret, id, timestamp, body)
    return given.some((signature) => signature.length === expected.length && timingSafeEqual(signature, expected))
  })
}
