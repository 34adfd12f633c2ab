/**
 * | item | pk | sk |
 * |---|---|---|
 * | units that guests of a network ordered in a quarter of an hour | `network#<hash>#<window>` | `guest-units` |
 *
 * Guests cost nothing to make, so what each of them may hold bounds nobody who makes many; the network they come from does.
 * The address is kept as a hash, and for no longer than its window.
 */
import { createHash } from 'node:crypto'
import { networkOf } from '../../../shared/domain/network.ts'
import { now } from '../../../shared/runtime/clock.ts'
import type { Table } from '../../../shared/runtime/table.ts'

export const windowMs = 15 * 60_000

type Taken = { ok: true } | { ok: false; retryAfterSeconds: number }

export const guestUnitsTable = (table: Table) => ({
  /**
   * Counts units before they are ordered, in one conditional write: many at once take no more than `limit` together.
   * @returns when the next window begins, where they are too many for this one
   */
  async take(address: string, units: number, limit: number): Promise<Taken> {
    const window = Math.floor(now() / windowMs)
    const endsAtSeconds = ((window + 1) * windowMs) / 1000
    const hash = createHash('sha256').update(networkOf(address)).digest('base64url')
    const retryAfterSeconds = endsAtSeconds - Math.floor(now() / 1000)
    if (units > limit) return { ok: false, retryAfterSeconds }
    const written = await table.write([
      {
        update: { pk: `network#${hash}#${window}`, sk: 'guest-units' },
        set: {
          expression: 'SET #units = if_not_exists(#units, :zero) + :units, #expiresAt = :endsAt',
          values: { ':zero': 0, ':units': units, ':endsAt': endsAtSeconds },
        },
        when: { expression: 'attribute_not_exists(#units) OR #units <= :left', values: { ':left': limit - units } },
        else: 'too many',
      },
    ])
    return written.ok ? { ok: true } : { ok: false, retryAfterSeconds }
  },
})

export type GuestUnitsTable = ReturnType<typeof guestUnitsTable>
