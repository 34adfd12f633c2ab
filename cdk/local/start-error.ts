/** Tells what keeps the local cloud from starting, and the user can mend: one clear line, not a stack trace. */
export class StartError extends Error {
  override name = 'StartError'
}
