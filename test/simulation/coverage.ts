/** Which call sites of the AWS SDK were reached, and ended before and after. A site: function, place in the source, operation. */
import type { FaultKind } from './faults.ts'

export type SiteCounts = { crashedBefore: number; crashedAfter: number }

export type Coverage = {
  called(functionName: string, operation: string, fault: FaultKind | undefined): void
  sites: ReadonlyMap<string, SiteCounts>
}

const root = new URL('../../', import.meta.url).pathname
/** Frames below the gate and the table: what a service's own code was doing. */
const place = /(functions\/[\w-]+\/[\w./-]+\.ts|shared\/runtime\/(?:relay|secret|task|serve)\.ts):(\d+)/

/** The one call that a run wants to see crashed, as a site's name, and the side of the call. */
export type Aim = { site: string; crash: 'crash-before' | 'crash-after' }

const callingPlace = (): string => {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 25
  const holder: { stack?: string } = {}
  Error.captureStackTrace(holder, siteOf)
  Error.stackTraceLimit = limit
  const found = place.exec(String(holder.stack).replaceAll(root, ''))
  return found ? `${found[1]}:${found[2]}` : 'elsewhere'
}

/** To be called where a call of AWS begins: the stack says whose it is. */
export const siteOf = (functionName: string, operation: string): string =>
  `${functionName} ${operation} at ${callingPlace()}`

/** To look at the stack of every call would cost more than all else: one in so many is enough to know every site. */
const sampled = 16

export const createCoverage = (): Coverage => {
  const sites = new Map<string, SiteCounts>()
  let calls = 0
  return {
    sites,
    called(functionName, operation, fault) {
      calls += 1
      const isCrash = fault === 'crash-before' || fault === 'crash-after'
      if (!isCrash && calls % sampled !== 0) return
      const site = siteOf(functionName, operation)
      const counts = sites.get(site) ?? { crashedBefore: 0, crashedAfter: 0 }
      if (fault === 'crash-before') counts.crashedBefore += 1
      if (fault === 'crash-after') counts.crashedAfter += 1
      sites.set(site, counts)
    },
  }
}
