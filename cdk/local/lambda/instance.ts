/** Runs one instance of a function: a thread that takes one request at a time. */
import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { Worker } from 'node:worker_threads'
import { withoutWarningOf } from '../state/state.ts'

/** What a template says about a function, with its code's place on disk. */
export type LambdaFunction = {
  name: string
  arn: string
  role: string
  handlerUrl: string
  exportName: string
  timeoutMs: number
  memoryMb: number
  /** At most so many at once; beyond, callers are throttled. */
  reservedConcurrency?: number
  environment: { [name: string]: string }
  logGroup: string
  logFile: string
}

export type LambdaError = { errorType: string; errorMessage: string; trace: string[] }

/** How one invocation went. `payload` is JSON text. */
export type Outcome = { payload: string } | { error: LambdaError }

export type Instance = {
  /** Runs one request; only one may run at a time. */
  run(request: { requestId: string; payload: string; traceHeader: string }): Promise<Outcome>
  /** False once its worker has ended or must end: it takes no further request. */
  isUsable(): boolean
  /** Settles when the initialisation has ended, well or not. */
  initialised: Promise<unknown>
  end(): Promise<void>
  /** Settles when its worker is gone, however that came. */
  ended: Promise<void>
}

type Message = {
  ready?: true
  ended?: true
  initError?: LambdaError
  requestId?: string
  payload?: string
  error?: LambdaError
}

let workerSource: URL | undefined
/** The worker's script without its types, as a URL that every worker can start from. */
const workerScript = (): URL => {
  const source = readFileSync(new URL('worker.ts', import.meta.url), 'utf8')
  workerSource ??= withoutWarningOf(
    /stripTypeScriptTypes/,
    () => new URL(`data:text/javascript,${encodeURIComponent(stripTypeScriptTypes(source))}`),
  )
  return workerSource
}

const initLimitMs = 10_000

const timedOut = (requestId: string, limitMs: number): Outcome => ({
  error: {
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${requestId} Error: Task timed out after ${(limitMs / 1000).toFixed(2)} seconds`,
    trace: [],
  },
})

/** Starts a worker for the function; its initialisation is awaited by the first request. */
export const startInstance = (lambda: LambdaFunction): Instance => {
  const logStream = `${new Date().toISOString().slice(0, 10).replaceAll('-', '/')}/[$LATEST]${crypto.randomUUID().replaceAll('-', '')}`
  let usable = true
  let deliver: ((outcome: Outcome) => void) | undefined
  let markInitialised: (failure?: LambdaError) => void = () => {}
  const initialised = new Promise<LambdaError | undefined>((resolve) => {
    markInitialised = resolve
  })
  const worker = new Worker(workerScript(), {
    env: { ...lambda.environment, AWS_LAMBDA_LOG_STREAM_NAME: logStream },
    workerData: { ...lambda, environment: undefined, functionName: lambda.name, functionArn: lambda.arn, logStream },
    // The old generation holds nearly all; a small young one keeps dozens of functions cheap.
    resourceLimits: { maxOldGenerationSizeMb: lambda.memoryMb, maxYoungGenerationSizeMb: 4 },
  })
  worker.unref()

  const settle = (outcome: Outcome): void => {
    const answer = deliver
    deliver = undefined
    answer?.(outcome)
  }
  const exited = (errorType: string, errorMessage: string): void => {
    usable = false
    const error = { errorType, errorMessage, trace: [] }
    markInitialised(error)
    settle({ error })
  }
  worker.on('message', (message: Message) => {
    if (message.ready) markInitialised()
    else if (message.ended) void end()
    else if (message.initError !== undefined) {
      usable = false
      markInitialised(message.initError)
    } else if (message.error !== undefined) settle({ error: message.error })
    else if (message.payload !== undefined) settle({ payload: message.payload })
  })
  worker.on('error', (error: Error & { code?: string }) => {
    if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') exited('Runtime.OutOfMemory', 'Runtime exited: out of memory')
    else exited(error.name, error.message)
  })
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      exited('Runtime.ExitError', 'Runtime exited without providing a reason')
      resolve()
    })
  })

  const end = async (): Promise<void> => {
    usable = false
    await worker.terminate()
  }

  return {
    isUsable: () => usable,
    initialised,
    end,
    ended,
    async run({ requestId, payload, traceHeader }) {
      worker.ref()
      const { promise, resolve } = Promise.withResolvers<Outcome>()
      const limit = (limitMs: number) =>
        setTimeout(() => {
          resolve(timedOut(requestId, limitMs))
          void end()
        }, limitMs)
      let timer = limit(Math.max(initLimitMs, lambda.timeoutMs))
      deliver = resolve
      try {
        const failure = await Promise.race([initialised, promise.then(() => undefined)])
        if (failure !== undefined) return { error: failure }
        // The time-out counts from here: AWS gives the initialisation its own ten seconds.
        clearTimeout(timer)
        timer = limit(lambda.timeoutMs)
        worker.postMessage({ requestId, payload, traceHeader, deadlineMs: Date.now() + lambda.timeoutMs })
        return await promise
      } finally {
        clearTimeout(timer)
        deliver = undefined
        worker.unref()
      }
    },
  }
}
