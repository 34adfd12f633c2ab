/** Stands in for shared/runtime/aws/ask.ts: whatever is asked of AWS stops at the gate. */

/** @returns what AWS answers, be it by an error of the SDK's */
export type Gate = (operation: string, input: Record<string, unknown>) => Promise<unknown>

let gate: Gate | undefined

/** To be called once in a process. */
export const callsOfAwsGoTo = (given: Gate): void => {
  gate = given
}

const ask = (operation: string, input: object): Promise<unknown> => {
  if (!gate) throw new Error(`${operation} is asked of AWS, but no run is on`)
  return gate(operation, { ...input })
}

export const asking = () => ask
