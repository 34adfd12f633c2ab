/** Problem documents: `application/problem+json` (RFC 9457). */
import * as z from 'zod/mini'

/** Codes that any endpoint may answer, with their HTTP status. An endpoint declares the rest itself. */
export const commonProblems = {
  MALFORMED_JSON: 400,
  INVALID_INPUT: 400,
  INVALID_CURSOR: 400,
  IDEMPOTENCY_KEY_MISSING: 400,
  IDEMPOTENCY_KEY_INVALID: 400,
  FORBIDDEN: 403,
  ACCOUNT_NEEDED: 403,
  NOT_FOUND: 404,
  IN_FLIGHT: 409,
  STALE_VERSION: 412,
  BODY_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  IDEMPOTENCY_KEY_REUSED: 422,
  TOO_MANY_REQUESTS: 429,
  INTERNAL: 500,
  UNAVAILABLE: 503,
} as const

export type CommonProblem = keyof typeof commonProblems

/** One thing wrong with the input: where (RFC 6901 pointer into the body, or `?name`, `{name}`), a code, and words. */
export type InputError = { pointer: string; code: string; detail: string }

export const ProblemDocument = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  instance: z.string(),
  code: z.string(),
  errors: z.optional(z.array(z.strictObject({ pointer: z.string(), code: z.string(), detail: z.string() }))),
  trace_id: z.string(),
  /** An extension member (RFC 9457, 3.2): where a request expected something else, what stands now. */
  current: z.optional(z.record(z.string(), z.unknown())),
})
export type ProblemDocument = z.infer<typeof ProblemDocument>

/** `OUT_OF_STOCK` -> `Out of stock`. */
const titleOf = (code: string): string => {
  const words = code.toLowerCase().replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

export const problemDocument = (problem: {
  code: string
  status: number
  detail: string
  instance: string
  traceId: string
  errors?: readonly InputError[] | undefined
  current?: Readonly<Record<string, unknown>> | undefined
}): ProblemDocument => ({
  type: `urn:shop:problem:${problem.code.toLowerCase().replaceAll('_', '-')}`,
  title: titleOf(problem.code),
  status: problem.status,
  detail: problem.detail,
  instance: problem.instance,
  code: problem.code,
  ...(problem.errors && problem.errors.length > 0 ? { errors: [...problem.errors] } : {}),
  trace_id: problem.traceId,
  ...(problem.current ? { current: problem.current } : {}),
})
