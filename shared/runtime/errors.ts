/** What is thrown: outages and lost races. Expected outcomes are values instead (see shared/domain/result.ts). */
import type { Done } from './idempotency.ts'

/** Something this request needs did not answer in time; asking again later is sensible. Becomes 503 with Retry-After. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError'
  readonly retryAfterSeconds: number
  constructor(message: string, options: { cause?: unknown; retryAfterSeconds?: number } = {}) {
    super(message, { cause: options.cause })
    this.retryAfterSeconds = options.retryAfterSeconds ?? 1
  }
}

/** A function that was called ended with an error. */
export class CalledFunctionError extends Error {
  override readonly name = 'CalledFunctionError'
  /** The name of the error that it threw, or what the platform says of how it ended: `Sandbox.Timedout`. */
  readonly errorType: string
  constructor(functionName: string, errorType: string) {
    super(`${functionName} failed: ${errorType}`)
    this.errorType = errorType
  }
  /** It refuses what it was asked, and always will. */
  get isRefusal(): boolean {
    return this.errorType === 'RefusedInput'
  }
  /** It was not there, or not in time, for whoever asked: what `provide` throws of outages, and the platform's own words. */
  get isOutage(): boolean {
    return this.errorType === 'UnavailableError' || /^(Sandbox|Runtime|Lambda|Extension)\./.test(this.errorType)
  }
}

/** What the SDK throws, after its own attempts, when AWS did not do what was asked: no answer, too busy, or a fault of its own. */
const outageNames = new Set([
  'TimeoutError',
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'InternalServerError',
  'ServiceUnavailable',
])

/** What stood before AWS's API answered instead of it, without a word of the API's. */
const isServerFault = (error: Error): boolean => {
  const { $metadata: { httpStatusCode = 0 } = {} }: Error & { $metadata?: { httpStatusCode?: number } } = error
  return httpStatusCode >= 500
}

/** Whether asking again later is sensible, as with an UnavailableError. */
export const isOutage = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? String(error.code) : ''
  return (
    error instanceof UnavailableError ||
    outageNames.has(error.name) ||
    /^E(CONN|PIPE|TIMEDOUT|AI_AGAIN)/.test(code) ||
    isServerFault(error)
  )
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
  constructor(record: Done) {
    super('this idempotency key was used before')
    this.bodyHash = record.bodyHash
    this.resource = record.resource
  }
}

/** What was thrown, as an error: a library may throw anything. */
export const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)))
