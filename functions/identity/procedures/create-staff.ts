import type * as z from 'zod/mini'
import { provide } from '../../../shared/runtime/call.ts'
import { isoTime, newId, now } from '../../../shared/runtime/clock.ts'
import { newEvent } from '../../../shared/runtime/outbox.ts'
import * as published from '../../published/identity.ts'
import { type User, withRoles } from '../domain.ts'
import * as parts from '../parts.ts'
import { acceptablePassword, isLongPassword } from '../passwords/password-rules.ts'
import { hashPassword } from '../passwords/passwords.ts'
import { operator } from '../schema.ts'
import type { IdentityTable } from '../table.ts'

type Output = z.input<typeof published.createStaff.output>

const asStaff = (user: User): User => withRoles(user, { at: isoTime(now()), by: operator, roles: ['staff'] })

const promote = async (identity: IdentityTable, known: User, password: string): Promise<Output> => {
  const promoted = await identity.replaceUser({
    ...asStaff(known),
    passwordHash: await hashPassword(password),
    hasLongPassword: isLongPassword(password),
    sessionEpoch: (known.sessionEpoch ?? 0) + 1,
  })
  return promoted
    ? { outcome: 'promoted', userId: known.id }
    : { outcome: 'refused', detail: 'the account has just changed; try again' }
}

/**
 * Nobody has shown that an address which is registered already is theirs. So an account that becomes staff gets the operator's
 * password, and its sessions end: whoever made it has no way in that is left. An account that is staff stays as it is.
 */
export const handler = provide(
  published.createStaff,
  { identity: parts.identity, shopName: parts.shopName },
  async function createStaff({ email, password }, { identity, shopName }): Promise<Output> {
    const known = await identity.getUserByEmail(email)
    if (known?.roles.includes('staff')) return { outcome: 'unchanged', userId: known.id }
    const acceptable = acceptablePassword(password, { shopName, email, forStaff: true })
    if (!acceptable.ok) return { outcome: 'refused', detail: acceptable.detail }
    if (known) return promote(identity, known, password)
    const id = newId('usr')
    const user: User = {
      id,
      email,
      passwordHash: await hashPassword(password),
      hasLongPassword: isLongPassword(password),
      roles: [],
      createdAt: isoTime(now()),
      version: 0,
      sequence: 0,
    }
    const made = await identity.insertUser(asStaff(user), [newEvent(published.userRegistered, { userId: id })])
    return made
      ? { outcome: 'created', userId: id }
      : { outcome: 'refused', detail: 'the account was just made by another' }
  },
)
