/** Whose pages may call a shop on this machine from a browser, beyond the origins that its stage names. */
import { isOrigin } from '../../constructs/origin.ts'
import { StartError } from '../../local/start-error.ts'

/** Pages that this machine serves itself, on any port: a front end in the making. */
const ofThisMachine = /^https?:\/\/(([a-z0-9-]+\.)*localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/

/**
 * @param more origins that the options name
 * @throws StartError for what is no origin, with what would be one
 */
export const allowedOrigins = (more: readonly string[]): ((origin: string) => boolean) => {
  for (const origin of more)
    if (!isOrigin(origin))
      throw new StartError(
        `--origin takes an origin such as http://192.168.1.20:5173, with no path and no slash at its end, not "${origin}"`,
      )
  return (origin) => ofThisMachine.test(origin) || more.includes(origin)
}
