/** Reads values as CloudFormation takes them: `"10"` for 10, `"true"` for true, a lone value for a list of one. */
import * as z from 'zod/mini'

export const text = z.pipe(z.union([z.string(), z.number(), z.boolean()]), z.transform(String))

export const number = z.pipe(z.union([z.number(), z.string().check(z.regex(/^-?\d+(\.\d+)?$/))]), z.transform(Number))

export const flag = z.pipe(
  z.union([z.boolean(), z.enum(['true', 'false'])]),
  z.transform((value) => value === true || value === 'true'),
)

/** Where nothing stands, the list is empty. */
export const listOf = <Entry extends z.core.$ZodType>(entry: Entry) =>
  z._default(
    z.pipe(
      z.transform((value: unknown): unknown[] => (Array.isArray(value) ? value : [value])),
      z.array(entry),
    ),
    [],
  )

/** What may stand there and makes no difference on this machine. */
export const ignored = z.optional(z.unknown())
