/** Fields and needs that several parts of the contract share. */
import * as z from 'zod/mini'

/** Any Unicode, no rules of composition; its strength is judged by the domain. */
export const Password = z.string().check(z.minLength(1), z.maxLength(512), z.normalize('NFC'))

/** Argon2id takes 19 MiB and 25 ms of a whole processor; Lambda gives processor by memory. */
export const hashing = { memoryMegabytes: 1769 }
