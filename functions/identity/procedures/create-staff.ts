import type * as z from 'zod/mini'
import { provide } from '../../../shared/runtime/call.ts'
import { isoTime, newId, now } from '../../../shared/runtime/clock.ts'
import { fact } from '../../../shared/runtime/outbox.ts'
import { shopSettings } from '../../../shared/runtime/settings.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { acceptablePassword, isLongPassword } from '../domain.ts'
import { userRegistered } from '../events.ts'
import { hashPassword } from '../passwords.ts'
import { createStaff } from '../procedures.ts'
import { identityTable } from '../table.ts'

/** An account that is there keeps its password, which must be long enough for staff; repeated, it changes nothing. */
export const handler = provide(createStaff, () => {
  const identity = identityTable({ table: openTable(), now, newId })
  const shopName = shopSettings().name
  return async ({ email, password }): Promise<z.input<typeof createStaff.output>> => {
    const known = await identity.getUserByEmail(email)
    if (known?.roles.includes('staff')) return { outcome: 'unchanged', userId: known.id }
    if (known) {
      if (!known.hasLongPassword) return { outcome: 'refused', detail: "the account's password is too short for staff" }
      const promoted = await identity.replaceUser({ ...known, roles: ['staff'] })
      return promoted
        ? { outcome: 'promoted', userId: known.id }
        : { outcome: 'refused', detail: 'the account has just changed; try again' }
    }
    const acceptable = acceptablePassword(password, { shopName, email, forStaff: true })
    if (!acceptable.ok) return { outcome: 'refused', detail: acceptable.detail }
    const id = newId('usr')
    const made = await identity.insertUser(
      {
        id,
        email,
        passwordHash: await hashPassword(password),
        hasLongPassword: isLongPassword(password),
        roles: ['staff'],
        createdAt: isoTime(now()),
        version: 0,
        sequence: 0,
      },
      [fact(userRegistered, { userId: id })],
    )
    return made
      ? { outcome: 'created', userId: id }
      : { outcome: 'refused', detail: 'the account was just made by another' }
  }
})
