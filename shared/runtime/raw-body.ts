/** Bodies that are handed over as text, because their signature is over the text. */
import type * as z from 'zod/mini'
import { refuseUnfit } from './json-body.ts'
import { RefusedInput } from './refused-input.ts'

/** @returns what the text says, or undefined when it is not JSON of that schema, or not well-formed text */
export const parseRawBody = <S extends z.ZodMiniType>(schema: S, body: string): z.output<S> | undefined => {
  try {
    const value: unknown = JSON.parse(body)
    refuseUnfit('body', value)
    const parsed = schema.safeParse(value)
    return parsed.success ? parsed.data : undefined
  } catch (error) {
    // Not JSON, or not within the limits of bodies: the same as JSON of another form.
    if (error instanceof SyntaxError || error instanceof RefusedInput) return undefined
    throw error
  }
}
