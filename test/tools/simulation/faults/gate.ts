/**
 * The gate at which every AWS call of a function stops: here it is decided when it acts, whether it fails before or after
 * that, and whether the function goes on at all.
 */
import { TransactionCanceledException, TransactionConflictException } from '@aws-sdk/client-dynamodb'
import { ulidOf } from '../world/decide.ts'
import { type Invocation, numbered, theInvocation } from '../world/invocation.ts'
import type { RunContext } from '../world/run-context.ts'
import type { Coverage, Crash, Side } from './coverage.ts'
import { batchFaults, type FaultKind, readFaults, sendFaults, writeFaults } from './faults.ts'

/** What a call does once it acts: the table, the bus, a queue. `point` names the call. May throw what the service would answer. */
export type Act = (operation: string, input: Record<string, unknown>, point: string) => unknown

const faultsOf: Readonly<Record<string, readonly FaultKind[]>> = {
  GetItem: readFaults,
  Query: readFaults,
  BatchGetItem: [...readFaults, 'in-part'],
  GetSecretValue: readFaults,
  PutItem: writeFaults,
  UpdateItem: writeFaults,
  DeleteItem: writeFaults,
  TransactWriteItems: writeFaults,
  PutEvents: batchFaults,
  SendMessage: sendFaults,
  SendRawEmail: sendFaults,
}

/** Most calls take some milliseconds; some take long enough for anything to come in between. */
export const latencyMs = (run: RunContext, name: string): number => {
  const chance = run.chance(`latency ${name}`)
  if (chance < 0.85) return 1 + chance * 10
  return chance < 0.97 ? 10 + (chance - 0.85) * 700 : 100 + (chance - 0.97) * 50_000
}

const writes: ReadonlySet<string> = new Set(['PutItem', 'UpdateItem', 'DeleteItem', 'TransactWriteItems'])

/**
 * In some runs the writes of one service come long after the reads that they were decided by: time enough for others to
 * write the same items in between.
 */
const hesitationMs = ({ run, functionName }: Invocation, operation: string, point: string): number =>
  writes.has(operation) && functionName.startsWith(`${run.hesitant}/`) && run.chance(`hesitates ${point}`) < 0.7
    ? 50 + run.chance(`hesitates for ${point}`) * 1_500
    : 0

const failure = (name: string, message: string): Error => Object.assign(new Error(message), { name })

const lost = () => failure('TimeoutError', 'simulated: no answer came')

const errorOf = (kind: FaultKind, operation: string, input: Record<string, unknown>): Error => {
  if (kind === 'throttled') return failure('ThrottlingException', 'simulated: too many requests')
  if (kind !== 'conflict') return failure('InternalServerError', 'simulated: the service failed')
  if (operation !== 'TransactWriteItems')
    return new TransactionConflictException({ message: 'simulated: a conflict', $metadata: {} })
  const items = Array.isArray(input.TransactItems) ? input.TransactItems : []
  return new TransactionCanceledException({
    message: 'simulated: a conflict',
    $metadata: {},
    CancellationReasons: items.map((_, index) => ({ Code: index === 0 ? 'TransactionConflict' : 'None' })),
  })
}

/** A request's token is made before its first attempt, so that all its attempts carry the same. */
const withToken = (invocation: Invocation, operation: string, input: Record<string, unknown>) =>
  operation === 'TransactWriteItems'
    ? {
        ClientRequestToken: ulidOf(invocation.run.seed, `${invocation.name} ${numbered(invocation, 'token')}`, 0),
        ...input,
      }
    : input

/** As the SDK does it: an attempt whose answer is lost is made again, and the second answer is what the caller gets. */
const actTwice = async (act: () => unknown): Promise<unknown> => {
  try {
    await act()
  } catch {
    // The first attempt's answer is lost, whatever it was.
  }
  return act()
}

const again = 'acts again'

const goThrough = async (
  invocation: Invocation,
  point: string,
  kind: FaultKind | undefined,
  act: () => unknown,
): Promise<unknown> => {
  const { run } = invocation
  switch (kind) {
    case 'crash-after':
      await actAndForget(act)
      return invocation.crash()
    case 'acts-twice':
      return actTwice(act)
    case 'answer-lost':
    case 'slow':
      await actAndForget(act)
      throw lost()
    case 'acts-again-later':
      run.at(run.pick(`${again} ${point}`, [5, 400, 4_000, 120_000, 700_000]), () => actAndForget(act))
      return act()
    default:
      return act()
  }
}

/** An answer that nobody hears, be it an error. */
const actAndForget = async (act: () => unknown): Promise<void> => {
  try {
    await act()
  } catch {
    // Whoever asked is gone.
  }
}

/** What the bus did not take it mostly does not take a moment later either: some of a batch stays behind. */
const stillInPart = ({ run, isInPart }: Invocation, operation: string, point: string): FaultKind | undefined =>
  isInPart && operation === 'PutEvents' && run.chance(`still in part ${point}`) < 0.9 ? 'in-part' : undefined

export type Gate = {
  act: Act
  inPart: Act
  coverage: Coverage | undefined
  /** Calls that end their function once, be it while nothing else fails. */
  crashes: readonly Crash[]
  onCrash: () => void
}

/** @returns what everything goes through that is asked of AWS */
export const gateTo = ({ act, inPart, coverage, crashes, onCrash }: Gate) => {
  const left = new Map(crashes.map(({ point, side }) => [point, side]))
  const crashAt = (point: string): Side | undefined => {
    const side = left.get(point)
    if (left.delete(point)) onCrash()
    return side
  }
  return (operation: string, input: Record<string, unknown>): Promise<unknown> => {
    const invocation = theInvocation()
    const { run } = invocation
    const kinds = faultsOf[operation]
    if (!kinds) return Promise.reject(new Error(`the simulation does not know ${operation}`))
    const point = `${invocation.name} ${operation} ${numbered(invocation, operation)}`
    const { functionName } = invocation
    const kind = crashAt(point) ?? run.oneFault(kinds, functionName, point) ?? stillInPart(invocation, operation, point)
    if (kind === 'in-part') invocation.isInPart = true
    coverage?.called({ functionName, operation, input, fault: kind, seen: { seed: run.seed, crashes, point } })
    const request = withToken(invocation, operation, input)
    const perform = () => (kind === 'in-part' ? inPart : act)(operation, request, point)
    const isRefused = kind === 'fails-before' || kind === 'throttled' || kind === 'conflict'
    const delayMs =
      kind === 'slow'
        ? 10_000 + run.chance(`slow ${point}`) * 15_000
        : latencyMs(run, point) + hesitationMs(invocation, operation, point)
    return new Promise((resolve, reject) => {
      run.at(delayMs, async () => {
        if (invocation.ended === 'crashed') return
        if (kind === 'crash-before') return invocation.crash()
        run.tell(() => `    ${invocation.functionName} ${operation}`)
        try {
          if (isRefused) throw errorOf(kind, operation, request)
          const answer = await goThrough(invocation, point, kind, perform)
          if (!invocation.ended) resolve(answer)
        } catch (error) {
          if (!invocation.ended) reject(error)
        }
      })
    })
  }
}
