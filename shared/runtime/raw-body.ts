/** Bodies that are handed over as text, because their signature is over the text. */
import type * as z from 'zod/mini'

/** @returns what the text says, or undefined when it is not JSON of that schema */
export const parseRawBody = <S extends z.ZodMiniType>(schema: S, body: string): z.output<S> | undefined => {
  try {
    const parsed = schema.safeParse(JSON.parse(body))
    return parsed.success ? parsed.data : undefined
  } catch {
    // Not JSON: the same as JSON of another form.
    return undefined
  }
}
