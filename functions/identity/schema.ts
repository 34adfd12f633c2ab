/** Fields and needs that several parts of the contract share. */
import * as z from 'zod/mini'

/** Any Unicode, no rules of composition; its strength is judged by the domain. */
export const Password = z.string().check(z.minLength(1), z.maxLength(512), z.normalize('NFC'))

/** Characters, counted in code points: what people see as characters, more or less. */
export const passwordLengths = { least: 10, leastForStaff: 15, most: 128 } as const

/** Argon2id takes 19 MiB and 25 ms of a whole processor; Lambda gives processor by memory. */
export const hashing = { memoryMegabytes: 1769 }

/** Whom a change of roles is put down to who is none of the staff: whoever ran `create-staff` with AWS credentials. */
export const operator = 'operator'

/** Changes of roles that an account remembers, the latest. */
export const maxRoleChanges = 50
