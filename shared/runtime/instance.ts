/** Instances of a Lambda function: what one keeps between invocations, none of the others sees. */
import { lazy } from './lazy.ts'

/** How what a function needs is made: a table, a call, a setting. Each is asked once in an instance, at its first request. */
export type Makers = Readonly<Record<string, () => unknown>>

/** What they make, by the same names. */
export type PartsOf<M extends Makers> = { readonly [Name in keyof M]: ReturnType<M[Name]> }

type Others = Readonly<Record<string, (() => unknown) | undefined>>

const makeParts = (makers: Others): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(makers).map(([name, make]) => [name, make?.()]))

/** Of a part with methods, one that stands in for it needs only those that are called. */
type StandIn<Part> = Part extends (...given: never) => unknown ? Part : Part extends object ? Partial<Part> : Part

/** A handler, and how Lambda makes it anew at a cold start: with nothing remembered. */
export type Instantiable<M extends Makers, H> = H & {
  /** @param others makers in the place of those of the same names */
  coldStart: (others?: { readonly [Name in keyof M]?: () => StandIn<ReturnType<M[Name]>> }) => H
}

/**
 * A handler that can be made anew. Lambda itself starts a new process for that; whoever runs many instances in one process,
 * or has one of other parts, asks for `coldStart()`.
 * @param make makes the handler of one instance, whose parts are made when it first asks for them
 */
export const instantiable = <M extends Makers, H extends object>(
  makers: M,
  make: (parts: () => PartsOf<M>) => H,
): Instantiable<M, H> => {
  const coldStart = (others: Others = {}): H => make(lazy(() => makeParts({ ...makers, ...others }) as PartsOf<M>))
  return Object.assign(coldStart(), { coldStart })
}
