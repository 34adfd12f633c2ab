/** A user as the API shows it. */
import type * as z from 'zod/mini'
import type { User as UserSchema } from './auth-contract.ts'
import type { User } from './domain.ts'

export const viewOf = ({ id, email, roles, createdAt }: User): z.input<typeof UserSchema> => ({
  id,
  email,
  roles: [...roles],
  createdAt,
})
