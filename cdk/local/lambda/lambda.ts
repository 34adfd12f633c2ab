/** Gives each request an instance: one that is idle, or a new one where none comes free soon. */
import { randomBytes, randomUUID } from 'node:crypto'
import { availableParallelism } from 'node:os'
import type { Clock } from '../clock.ts'
import { type Instance, type LambdaError, type LambdaFunction, startInstance } from './instance.ts'
import { createWarmInstances, type InstanceLimits, usualLimits } from './warm.ts'

export type { LambdaFunction } from './instance.ts'

export type Invocation =
  | { kind: 'answered'; requestId: string; payload: string; functionError?: 'Unhandled' }
  | { kind: 'throttled'; requestId: string; reason: ThrottleReason }

/** Which limit the request has met, in the words of Lambda's API. */
export type ThrottleReason = 'ReservedFunctionConcurrentInvocationLimitExceeded' | 'ConcurrentInvocationLimitExceeded'

export type Lambda = {
  functions: Map<string, LambdaFunction>
  /** Runs the function and answers as Lambda does; a function's own failure is an answer, not a rejection. */
  invoke(name: string, payload: string, traceHeader?: string): Promise<Invocation>
  /** How many invocations run or wait. */
  pending(): number
  /** How many instances there are, at work or waiting for it. */
  instances(): number
  invocations: Map<string, number>
  coldStarts: Map<string, number>
  stop(): Promise<void>
}

// Starts keep a core busy. More at once only hold up those that could already work, until their calls time out.
const startsAtOnce = availableParallelism()
const maxResponseBytes = 6_291_556

/** The caller's trace or a new one; not sampled unless the caller says so, since nobody here would look at it. */
const traceHeaderOf = (given = ''): string => {
  const seconds = Math.floor(Date.now() / 1000).toString(16)
  const partOf = (name: string, otherwise: string): string =>
    `${name}=${new RegExp(`${name}=([^;]+)`).exec(given)?.[1] ?? otherwise}`
  return [
    partOf('Root', `1-${seconds}-${randomBytes(12).toString('hex')}`),
    partOf('Parent', randomBytes(8).toString('hex')),
    partOf('Sampled', '0'),
  ].join(';')
}

type Waiting = { timer: NodeJS.Timeout; take: (instance: Instance) => void }
type Pool = { lambda: LambdaFunction; idle: Instance[]; waiting: Waiting[]; busy: number }

/**
 * The functions and their instances: one request at a time each, started when needed, ended when idle for a while.
 * @param given limits other than the usual ones, and the clock by which instances have stood idle
 */
export const createLambda = (
  functions: LambdaFunction[],
  clock: Clock,
  log: (line: string) => void,
  given: Partial<InstanceLimits> & { clock?: Clock } = {},
): Lambda => {
  const limits = { ...usualLimits, ...given }
  const pools = new Map<string, Pool>(
    functions.map((lambda) => [lambda.name, { lambda, idle: [], waiting: [], busy: 0 }]),
  )
  const invocations = new Map<string, number>()
  const coldStarts = new Map<string, number>()
  const living = new Set<Instance>()
  const warm = createWarmInstances(limits.clock ?? clock, () => living.size, limits)
  let pending = 0
  let starting = 0
  let stopped = false

  const leave = (pool: Pool, instance: Instance): void => {
    pool.idle = pool.idle.filter((each) => each !== instance)
  }

  const start = (pool: Pool): Instance => {
    const instance = startInstance(pool.lambda)
    living.add(instance)
    warm.makeRoom()
    void instance.ended.then(() => {
      living.delete(instance)
      warm.remove(instance)
      leave(pool, instance)
    })
    starting += 1
    void instance.initialised.then(() => {
      starting -= 1
    })
    coldStarts.set(pool.lambda.name, (coldStarts.get(pool.lambda.name) ?? 0) + 1)
    return instance
  }

  /** An idle instance; else whichever comes first: one that another request gives back, or a new one. */
  const take = async (pool: Pool): Promise<Instance> => {
    pool.busy += 1
    for (let instance = pool.idle.pop(); instance !== undefined; instance = pool.idle.pop()) {
      warm.remove(instance)
      if (instance.isUsable()) return instance
    }
    if (pool.busy === 1) return start(pool)
    return new Promise((resolve) => {
      const startOwn = (): void => {
        if (stopped || pool.busy - pool.waiting.length >= limits.perFunction) return
        if (starting >= startsAtOnce) {
          waiting.timer = setTimeout(startOwn, limits.waitMs)
          return
        }
        pool.waiting = pool.waiting.filter((each) => each !== waiting)
        resolve(start(pool))
      }
      const waiting = { timer: setTimeout(startOwn, limits.waitMs), take: resolve }
      pool.waiting.push(waiting)
    })
  }

  const giveBack = (pool: Pool, instance: Instance): void => {
    pool.busy -= 1
    const next = pool.waiting.shift()
    if (next !== undefined) {
      clearTimeout(next.timer)
      next.take(instance.isUsable() ? instance : start(pool))
    } else if (instance.isUsable() && !stopped) {
      pool.idle.push(instance)
      warm.add(instance, () => leave(pool, instance))
    }
  }

  const answer = (requestId: string, error: LambdaError): Invocation => {
    const timedOut = error.errorType === 'Sandbox.Timedout'
    const payload = timedOut ? { errorType: error.errorType, errorMessage: error.errorMessage } : error
    return { kind: 'answered', requestId, payload: JSON.stringify(payload), functionError: 'Unhandled' }
  }

  const refusal = ({ busy, lambda }: Pool): ThrottleReason | undefined => {
    if (busy >= (lambda.reservedConcurrency ?? Number.POSITIVE_INFINITY))
      return 'ReservedFunctionConcurrentInvocationLimitExceeded'
    const all = [...pools.values()].reduce((sum, pool) => sum + pool.busy, 0)
    return all >= limits.concurrency ? 'ConcurrentInvocationLimitExceeded' : undefined
  }

  const run = async (pool: Pool, payload: string, traceHeader: string | undefined): Promise<Invocation> => {
    const requestId = randomUUID()
    const reason = refusal(pool)
    if (reason !== undefined) return { kind: 'throttled', requestId, reason }
    const instance = await take(pool)
    try {
      const outcome = await instance.run({ requestId, payload, traceHeader: traceHeaderOf(traceHeader) })
      if ('error' in outcome) {
        if (!stopped) log(`${pool.lambda.name}: ${outcome.error.errorType}: ${outcome.error.errorMessage}`)
        return answer(requestId, outcome.error)
      }
      const { length } = outcome.payload
      if (length > maxResponseBytes / 4 && Buffer.byteLength(outcome.payload) > maxResponseBytes) {
        const errorMessage = `Response payload size exceeded maximum allowed payload size (${maxResponseBytes} bytes).`
        return answer(requestId, { errorType: 'Function.ResponseSizeTooLarge', errorMessage, trace: [] })
      }
      return { kind: 'answered', requestId, payload: outcome.payload }
    } finally {
      giveBack(pool, instance)
    }
  }

  const invoke: Lambda['invoke'] = async (name, payload, traceHeader) => {
    const pool = pools.get(name)
    if (pool === undefined) throw new Error(`there is no function ${name}`)
    invocations.set(name, (invocations.get(name) ?? 0) + 1)
    pending += 1
    try {
      return await run(pool, payload, traceHeader)
    } finally {
      pending -= 1
    }
  }

  return {
    functions: new Map(functions.map((lambda) => [lambda.name, lambda])),
    invoke,
    pending: () => pending,
    instances: () => living.size,
    invocations,
    coldStarts,
    async stop() {
      stopped = true
      warm.stop()
      await Promise.all([...living].map((instance) => instance.end()))
    },
  }
}
