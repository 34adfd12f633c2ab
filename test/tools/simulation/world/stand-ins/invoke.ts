/** Stands in for shared/runtime/invoke.ts: calls another function of the same run. */
import type { Invoke } from '../../../../../shared/runtime/invoke.ts'
import { theInvocation } from '../invocation.ts'

export type InvokeInRun = (...call: Parameters<Invoke>) => Promise<unknown>

let invokeInRun: InvokeInRun | undefined

/** @param invoke how calls of the present run are made */
export const callsGoTo = (invoke: InvokeInRun): void => {
  invokeInRun = invoke
}

export const invokeFunction: Invoke = (functionName, payload, signal) => {
  if (!invokeInRun) throw new Error(`${theInvocation().name} calls ${functionName}, but no run is on`)
  return invokeInRun(functionName, payload, signal)
}
