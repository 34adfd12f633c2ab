/** What is thrown: outages and lost races. Expected outcomes are values instead (see shared/domain/result.ts). */

/** Something this request needs did not answer in time; asking again later is sensible. Becomes 503 with Retry-After. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError'
  readonly retryAfterSeconds: number
  constructor(message: string, options: { cause?: unknown; retryAfterSeconds?: number } = {}) {
    super(message, { cause: options.cause })
    this.retryAfterSeconds = options.retryAfterSeconds ?? 1
  }
}

/** Others changed the same objects again and again while this request tried to. Becomes 409 with Retry-After. */
export class ContentionError extends Error {
  override readonly name = 'ContentionError'
}

/** The request's idempotency key was used before, found in the very write that would have had the effect again. */
export class AlreadyDoneError extends Error {
  override readonly name = 'AlreadyDoneError'
  readonly bodyHash: string
  readonly resource: string
  constructor(record: { bodyHash: string; resource: string }) {
    super('this idempotency key was used before')
    this.bodyHash = record.bodyHash
    this.resource = record.resource
  }
}
