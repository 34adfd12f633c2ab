/**
 * APIs of AWS are asked by an operation's name, so that whoever stands in for AWS needs to know names alone. The modules beside
 * this one are all that make the SDK's clients, each at its first use and with the limits of all; each tells which operations
 * functions use at all.
 */
import { lazy } from '../lazy.ts'

/** Of an API, what each operation takes and gives. */
type Operations = Readonly<Record<string, { input: object; output: object }>>

/** @throws Error by AWS's name when it refuses, or fails again and again; TimeoutError when no answer comes in time */
export type Ask<O extends Operations> = <Name extends keyof O & string>(
  operation: Name,
  input: O[Name]['input'],
) => Promise<O[Name]['output']>

type Calls<O extends Operations> = {
  [Name in keyof O & string]: (input: O[Name]['input']) => Promise<O[Name]['output']>
}

/** @param open makes the client, and what it does for each operation */
export const asking = <O extends Operations>(open: () => Calls<O>): Ask<O> => {
  const calls = lazy(open)
  return (operation, input) => calls()[operation](input)
}
