/**
 * Runs inside an instance's thread: loads the handler, calls it, and writes its logs as Lambda does. The pool strips the types once
 * and starts every worker from the same text, because doing it in each would nearly double a cold start; so this file may import
 * nothing but Node's own modules.
 */
import { openSync, writeSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'

type Request = { requestId: string; payload: string; deadlineMs: number; traceHeader: string }
type Handler = (event: unknown, context: object) => unknown

const { handlerUrl, exportName, logFile, functionName, functionArn, memoryMb, logGroup, logStream } = workerData

const log = openSync(logFile, 'a')
const append = (chunk: string | Uint8Array, encoding?: unknown, done?: unknown): boolean => {
  writeSync(log, typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString())
  const callback = typeof encoding === 'function' ? encoding : done
  if (typeof callback === 'function') callback()
  return true
}
process.stdout.write = append
process.stderr.write = append

const describe = (error: unknown) =>
  error instanceof Error
    ? { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') }
    : { errorType: typeof error, errorMessage: String(error), trace: [] }

/** As Lambda tells of an error in a log of JSON. */
const logError = (error: unknown, more: object): void => {
  const { trace: stackTrace, ...message } = describe(error)
  const cause = String((error as Error)?.cause ?? '')
  const line = {
    timestamp: new Date().toISOString(),
    level: 'ERROR',
    ...more,
    message: { ...message, stackTrace, cause },
  }
  append(`${JSON.stringify(line)}\n`)
}

const fail = (requestId: string, error: unknown): void => {
  logError(error, { requestId })
  parentPort?.postMessage({ requestId, error: describe(error) })
}

const contextOf = ({ requestId, deadlineMs }: Request): object => ({
  callbackWaitsForEmptyEventLoop: true,
  functionName,
  functionVersion: '$LATEST',
  invokedFunctionArn: functionArn,
  memoryLimitInMB: String(memoryMb),
  awsRequestId: requestId,
  logGroupName: logGroup,
  logStreamName: logStream,
  getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
})

let current = ''
// Lambda ends an instance after an error that nothing caught; the pool does so on seeing `ended`.
const end = (error: unknown): void => {
  fail(current, error)
  parentPort?.postMessage({ ended: true })
}
process.on('uncaughtException', end)
process.on('unhandledRejection', (reason) => {
  const rejection = new Error(String(reason), { cause: reason })
  rejection.name = 'Runtime.UnhandledPromiseRejection'
  end(rejection)
})

try {
  const module = await import(handlerUrl)
  const handler: Handler = module[exportName]
  if (typeof handler !== 'function') throw new TypeError(`${exportName} is undefined or not exported`)
  parentPort?.on('message', async (request: Request) => {
    current = request.requestId
    process.env._X_AMZN_TRACE_ID = request.traceHeader
    try {
      const result = await handler(JSON.parse(request.payload), contextOf(request))
      parentPort?.postMessage({ requestId: request.requestId, payload: JSON.stringify(result) ?? 'null' })
    } catch (error) {
      fail(request.requestId, error)
    }
  })
  parentPort?.postMessage({ ready: true })
} catch (error) {
  parentPort?.postMessage({ initError: describe(error) })
  logError(error, { phase: 'init' })
}
