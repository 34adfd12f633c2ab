/**
 * Asks identity whether a caller is still staff, and remembers a yes for half a minute: for so long at most, a role that was
 * taken, or a session that was ended, still counts somewhere. Where identity cannot be asked, nobody is staff.
 */
import { functionNameOf } from '../contract/endpoint.ts'
import { checkStaff } from '../contract/staff-check.ts'
import { now } from './clock.ts'
import { UnavailableError } from './errors.ts'
import { type Invoke, invokeFunction } from './invoke.ts'
import { lazy } from './lazy.ts'
import { setting } from './settings.ts'
import { currentTrace, traceparentOf } from './trace.ts'

export const staffCheckLimits = { trustedMs: 30_000, deadlineMs: 3_000, attempts: 2, callersKept: 100 } as const

/** @param sessionId of the token that was shown; those of before sessions were named have none */
export type IsStillStaff = (caller: { id: string; sessionId?: string | undefined }) => Promise<boolean>

/** @throws UnavailableError when there is no answer within the deadline */
export const stillStaff = (invoke: Invoke = invokeFunction): IsStillStaff => {
  const name = lazy(() => functionNameOf(setting('SHOP_PREFIX'), checkStaff))
  const trustedUntil = new Map<string, number>()

  const ask = async (payload: string, signal: AbortSignal): Promise<boolean> => {
    for (let attempt = 1; ; attempt += 1)
      try {
        return checkStaff.output.parse(await invoke(name(), payload, signal)).isStaff
      } catch (error) {
        if (attempt === staffCheckLimits.attempts || signal.aborted)
          throw new UnavailableError('identity did not say who is staff', { cause: error })
      }
  }

  return async ({ id, sessionId }) => {
    const caller = `${id} ${sessionId ?? ''}`
    const askedAt = now()
    if ((trustedUntil.get(caller) ?? 0) > askedAt) return true
    trustedUntil.delete(caller)
    const deadline = new AbortController()
    const timer = setTimeout(() => deadline.abort(), staffCheckLimits.deadlineMs)
    try {
      const input = { userId: id, sessionId }
      const isStaff = await ask(JSON.stringify({ traceparent: traceparentOf(currentTrace()), input }), deadline.signal)
      if (trustedUntil.size >= staffCheckLimits.callersKept) trustedUntil.clear()
      if (isStaff) trustedUntil.set(caller, askedAt + staffCheckLimits.trustedMs)
      return isStaff
    } finally {
      clearTimeout(timer)
    }
  }
}
