/** A user as the API shows it. */
import type * as z from 'zod/mini'
import type { User } from './domain.ts'
import type { RoleRecord, User as UserSchema } from './sessions/contract.ts'

export const viewOf = ({ id, email, roles, createdAt }: User): z.input<typeof UserSchema> => ({
  id,
  email,
  roles: [...roles],
  createdAt,
})

/** Who gave and took roles, for staff. */
export const roleRecordOf = ({ id, roles, roleChanges = [] }: User): z.input<typeof RoleRecord> => ({
  userId: id,
  roles: [...roles],
  changes: roleChanges.map((change) => ({ at: change.at, by: change.by, roles: [...change.roles] })),
})
