/** The report on orders that do not add up, by its command and by its route. */
import { runCommand } from './command/run.ts'
import { eventually, type Shop } from './shop.ts'

/** `npm run reconcile -- …` */
export const reconcile = (args: readonly string[], environment: Record<string, string> = {}) =>
  runCommand('cdk/operate/commands/reconcile.ts', args, { environment })

/** Everything that does not add up at this moment; of a shop that works, soon nothing. */
export const nothingLeft = (shop: Shop, staff: string) =>
  eventually(
    () => shop.request('GET /reports/reconciliation', { token: staff, query: { olderThanMinutes: '0', limit: '100' } }),
    ({ status, body }) => status === 200 && body.data.length === 0 && body.next_cursor === null,
  )
