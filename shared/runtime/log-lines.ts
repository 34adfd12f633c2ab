/**
 * The form of a log line, short since logs are paid for by the byte: `cold_start` stands there only where it is true, Lambda's
 * id of the invocation only where something is wrong, and X-Ray's trace only where it is recorded, under another id. The trace and the order or cart are those of the work that
 * writes it, so that messages worked off side by side keep theirs apart; and of an error it tells no more than can be told of
 * one that carries people's input.
 */
import { LogFormatter, LogItem } from '@aws-lambda-powertools/logger'
import type { LogAttributes, UnformattedAttributes } from '@aws-lambda-powertools/logger/types'
import { logFields, recordedElsewhere } from './trace.ts'

/** Deep enough for any fault of ours; a chain of causes may be a ring. */
const causesTold = 5

/** SES tells the addresses that it refused. */
const withoutAddresses = (text: string): string =>
  text.replace(/[^\s"'<>()/,;:]+@[^\s"'<>()/,;:]+\.[a-z]{2,}/gi, '[address]')

const isIssue = (value: unknown): value is { code: string; path: PropertyKey[] } =>
  typeof value === 'object' && value !== null && 'code' in value && 'path' in value && Array.isArray(value.path)

/** A field's name; what is none, such as a key that somebody made up, is not told. */
const stepOf = (step: PropertyKey): string => (/^[a-zA-Z0-9_-]{1,30}$/.test(String(step)) ? String(step) : '?')

/** zod tells keys that it did not know, and JSON.parse quotes what it could not read: both are somebody's input. */
const messageOf = (error: Error): string => {
  if ('issues' in error && Array.isArray(error.issues))
    return error.issues
      .filter(isIssue)
      .slice(0, 10)
      .map(({ code, path }) => `${code} at ${path.map(stepOf).join('.') || 'the top'}`)
      .join(', ')
  // DynamoDB quotes the operands of what it refuses, which may be a client's cursor.
  if (error.name === 'ValidationException') return error.message.split(':')[0]?.slice(0, 200) ?? ''
  return error instanceof SyntaxError ? 'not valid JSON' : withoutAddresses(error.message)
}

/** Where it was thrown: the lines after the message. */
const framesOf = (error: Error): string[] => (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))

const codeOf = (error: Error): string | undefined =>
  'code' in error && typeof error.code === 'string' ? error.code : undefined

/** A DOMException, such as of an AbortSignal, has its name, message and code by getters that take nothing but what it made itself. */
const classOf = (error: Error): object =>
  error instanceof DOMException ? Error.prototype : Object.getPrototypeOf(error)

/** The same error, of the same class, with nothing on it but its name, message, code and causes: AWS's hold the items that they were about. */
export const withoutInput = (error: unknown, depth = causesTold): Error => {
  if (!(error instanceof Error)) return new Error(`something other than an error was thrown: ${typeof error}`)
  const message = messageOf(error)
  const cause = error.cause instanceof Error && depth > 0 ? { cause: withoutInput(error.cause, depth - 1) } : undefined
  const said = new Error(message, cause)
  Object.setPrototypeOf(said, classOf(error))
  const code = codeOf(error)
  Object.defineProperty(said, 'name', { value: error.name, enumerable: false })
  said.stack = [`${error.name}: ${message}`, ...framesOf(error)].join('\n')
  return code === undefined ? said : Object.assign(said, { code })
}

/** Without the stage and the service, which say so themselves. */
const shortName = (functionName: string | undefined, service: string): string | undefined =>
  functionName?.replace(`${process.env.SHOP_PREFIX}-${service}-`, '')

const quiet: readonly string[] = ['TRACE', 'DEBUG', 'INFO']

export class LogLines extends LogFormatter {
  formatAttributes(given: UnformattedAttributes, more: LogAttributes): LogItem {
    const { logLevel, message, timestamp, serviceName, lambdaContext } = given
    const fields = logFields()
    const attributes = {
      level: logLevel,
      message,
      timestamp: this.formatTimestamp(timestamp),
      service: serviceName,
      function: shortName(lambdaContext?.functionName, serviceName),
      function_request_id: quiet.includes(logLevel) ? undefined : lambdaContext?.awsRequestId,
      cold_start: lambdaContext?.coldStart || undefined,
      xray_trace_id: recordedElsewhere(fields.trace_id),
      ...fields,
    }
    return new LogItem({ attributes }).addAttributes(more)
  }

  override formatError(error: Error): LogAttributes {
    return super.formatError(withoutInput(error))
  }
}
