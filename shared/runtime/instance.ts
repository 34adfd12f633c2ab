/** Instances of a Lambda function: what one keeps between invocations, none of the others sees. */

/**
 * A handler that can be made anew, with nothing remembered, as Lambda does at a cold start. Lambda itself starts a new
 * process for that; whoever runs many instances in one process asks for `coldStart()`.
 */
export const instantiable = <H extends object>(make: () => H): H & { coldStart: () => H } =>
  Object.assign(make(), { coldStart: make })
