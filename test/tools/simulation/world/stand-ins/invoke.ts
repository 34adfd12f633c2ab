/** Stands in for shared/runtime/invoke.ts: calls another function of the same world. */
import type { Invoke } from '../../../../../shared/runtime/invoke.ts'
import { theInvocation } from '../invocation.ts'

export type InvokeInWorld = (...call: Parameters<Invoke>) => Promise<unknown>

let invokeInWorld: InvokeInWorld | undefined

/** @param invoke how calls of the present run are made */
export const callsGoTo = (invoke: InvokeInWorld): void => {
  invokeInWorld = invoke
}

export const invokeFunction: Invoke = (functionName, payload, signal) => {
  if (!invokeInWorld) throw new Error(`${theInvocation().name} calls ${functionName}, but no run is on`)
  return invokeInWorld(functionName, payload, signal)
}
