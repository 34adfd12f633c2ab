/**
 * Behind CloudFront only what came through it is answered: with each request it sends a secret that nobody else has. Functions
 * know the secret's SHA-256 alone, which is no secret (256 random bits are not found by guessing), so that none has to fetch
 * one; two while one takes over from the other.
 */
import { createHash } from 'node:crypto'
import { RefusedInput } from './refused-input.ts'
import { optionalSetting } from './settings.ts'

export const originSecretHeader = 'x-origin-secret'

/** Hashes in hexadecimal, separated by blanks; where the stack sets none, the shop is open to all. */
export const originHashesVariable = 'ORIGIN_SECRET_HASHES'

/** @throws RefusedInput FORBIDDEN */
export const refuseWhoGoesAround = ({ headers }: { headers: Readonly<Record<string, string | undefined>> }): void => {
  const hashes = optionalSetting(originHashesVariable)
  if (hashes === undefined) return
  const hash = createHash('sha256')
    .update(headers[originSecretHeader] ?? '')
    .digest('hex')
  if (!hashes.split(' ').includes(hash))
    throw new RefusedInput('FORBIDDEN', 'This is not the address of the shop; its documentation tells the right one.')
}
