/** The function that stands between each service's table and the bus; the same bundle serves them all. */
import { relay } from './relay.ts'

export const handler = relay()
