/**
 * Which calls of AWS were reached, and ended before and after; and in which run each was seen first, so that
 * it can be come to again. A site: function, operation, and place in the source.
 */
import type { FaultKind } from './faults.ts'

export type Side = 'crash-before' | 'crash-after'

/** A call that ends its function, by its name in a run, and on which side of itself. */
export type Crash = { point: string; side: Side }

/** A run that comes to a call: with the same seed and the same crashes it will again, to the byte. */
export type Sighting = { seed: number; crashes: readonly Crash[]; point: string }

export type Site = { crashedBefore: number; crashedAfter: number; seen: Sighting }

/** A call as it begins. */
export type Call = {
  functionName: string
  operation: string
  input: Record<string, unknown>
  fault: FaultKind | undefined
  seen: Sighting
}

export type Coverage = { called(call: Call): void; sites: ReadonlyMap<string, Site> }

const root = new URL('../../../../', import.meta.url).pathname
/** Frames below the gate and the table: what a service's own code was doing. */
const place = /(functions\/[\w-]+\/[\w./-]+\.ts|shared\/runtime\/(?:relay|secret|task|serve)\.ts):(\d+)/g

/** To be called where a call of AWS begins: the stack says whose it is. */
const callingPlace = (): string => {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 25
  const holder: { stack?: string } = {}
  Error.captureStackTrace(holder, callingPlace)
  Error.stackTraceLimit = limit
  const frames = [...String(holder.stack).replaceAll(root, '').matchAll(place)]
  const [own] = frames
  if (!own) return 'elsewhere'
  const caller = frames.find(([, file]) => file !== own[1])
  return `${own[1]}:${own[2]}${caller ? ` for ${caller[1]}:${caller[2]}` : ''}`
}

/** What a key begins with. */
const kindOf = (attribute: unknown): string => {
  const { S = '' } = (attribute ?? {}) as { S?: string }
  const end = S.indexOf('#')
  return end < 0 ? S.slice(0, 12) : S.slice(0, end)
}

/** What can be told of a call without a look at its stack. */
const shapeOf = ({ functionName, operation, input }: Call): string => {
  const { Key, Item, IndexName, ConditionExpression, UpdateExpression, KeyConditionExpression, TransactItems } =
    input as Record<string, Record<string, unknown> | undefined>
  const key = Key ?? Item
  const many = Array.isArray(TransactItems) ? TransactItems.length : ''
  return `${functionName} ${operation} ${kindOf(key?.pk)} ${kindOf(key?.sk)} ${IndexName} ${ConditionExpression} ${UpdateExpression} ${KeyConditionExpression} ${many}`
}

/** To look at the stack of every call would cost more than all else: it is done for so many of each shape, then for one in so many. */
const lookedAt = { first: 4, oneIn: 64 } as const

export const createCoverage = (): Coverage => {
  const sites = new Map<string, Site>()
  const shapes = new Map<string, number>()
  return {
    sites,
    called(call) {
      const { functionName, operation, fault, seen } = call
      const shape = shapeOf(call)
      const calls = shapes.get(shape) ?? 0
      shapes.set(shape, calls + 1)
      const isCrash = fault === 'crash-before' || fault === 'crash-after'
      if (!isCrash && calls >= lookedAt.first && calls % lookedAt.oneIn !== 0) return
      const name = `${functionName} ${operation} at ${callingPlace()}`
      const site = sites.get(name) ?? { crashedBefore: 0, crashedAfter: 0, seen }
      if (fault === 'crash-before') site.crashedBefore += 1
      if (fault === 'crash-after') site.crashedAfter += 1
      sites.set(name, site)
    },
  }
}

/** What all threads together have seen. */
export const addSites = (all: Map<string, Site>, more: Readonly<Record<string, Site>>): void => {
  for (const [name, { crashedBefore, crashedAfter, seen }] of Object.entries(more)) {
    const known = all.get(name)
    all.set(name, {
      crashedBefore: (known?.crashedBefore ?? 0) + crashedBefore,
      crashedAfter: (known?.crashedAfter ?? 0) + crashedAfter,
      seen: known?.seen ?? seen,
    })
  }
}
