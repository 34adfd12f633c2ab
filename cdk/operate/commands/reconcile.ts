/** `npm run reconcile`: where orders, payments and stock of a running shop disagree, by the shop's own report. */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { ItemOf, ShopClient, ShopRoutes } from '../../../functions/client.ts'
import { graceMinutes } from '../../../functions/reporting/contract.ts'
import { projectRoot } from '../../constructs/project.ts'
import { styled } from '../command-line/console.ts'
import { asStaff, shopUrl, toldOf, UsageError } from '../command-line/shop-by-url.ts'

const usage = `npm run reconcile -- [options]   lists orders that do not add up with their payment and stock

  --url URL       the shop's address; without: npm start's
  --folder PATH   where the shop on this machine keeps its data (default .shop)
  --minutes N     only what has not added up for so long (default ${graceMinutes}; events on their way need seconds)
  --help          this text

  A shop that is not on this machine wants a staff access token in SHOP_TOKEN.
  Ends with 0 when all is well, 1 when something does not add up, 2 when the shop could not be asked.`

const options = () => {
  try {
    const { values } = parseArgs({
      options: {
        url: { type: 'string' },
        folder: { type: 'string', default: join(projectRoot, '.shop') },
        minutes: { type: 'string', default: String(graceMinutes) },
        help: { type: 'boolean', default: false },
      },
    })
    return values
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message.split('.')[0] : error}\n\n${usage}`)
  }
}

type UnsettledOrder = ItemOf<ShopRoutes['GET /reports/reconciliation']>

/** All pages of the report. */
const readReport = async (shop: ShopClient, olderThanMinutes: number) => {
  const orders: UnsettledOrder[] = []
  let cursor: string | undefined
  let checkedAt = ''
  do {
    const page = await shop.expect('GET /reports/reconciliation', { query: { limit: 100, olderThanMinutes, cursor } })
    orders.push(...page.data)
    cursor = page.next_cursor ?? undefined
    checkedAt ||= page.checkedAt
  } while (cursor !== undefined)
  return { orders: orders.toSorted((a, b) => (a.since < b.since ? -1 : 1)), checkedAt }
}

const durationOf = (fromIso: string, toIso: string): string => {
  const minutes = Math.max(0, Math.round((Date.parse(toIso) - Date.parse(fromIso)) / 60_000))
  if (minutes < 120) return `${minutes} min`
  return minutes < 48 * 60 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / (24 * 60))} days`
}

const print = (orders: readonly UnsettledOrder[], checkedAt: string): void => {
  const when = styled('dim', `checked ${checkedAt}`)
  if (orders.length === 0) {
    console.log(`${styled('green', '✓')} orders, payments and stock agree  ${when}`)
    return
  }
  const what = orders.length === 1 ? '1 order does not add up' : `${orders.length} orders do not add up`
  console.log(`${styled('red', '✗')} ${what}  ${when}\n`)
  for (const { orderId, drifts, since } of orders)
    console.log(
      `  ${orderId}  ${styled('dim', durationOf(since, checkedAt).padStart(7))}  ${styled('yellow', drifts.join(', '))}`,
    )
  console.log(styled('dim', '\n  what each means, and what to do: functions/reporting/README.md'))
}

const run = async (): Promise<number> => {
  const { url, folder, minutes, help } = options()
  if (help) {
    console.log(usage)
    return 0
  }
  if (!/^\d{1,5}$/.test(minutes)) throw new UsageError(`--minutes takes a whole number, not "${minutes}"`)
  const { orders, checkedAt } = await asStaff(shopUrl(url, folder), (shop) => readReport(shop, Number(minutes)))
  print(orders, checkedAt)
  return orders.length === 0 ? 0 : 1
}

try {
  process.exitCode = await run()
} catch (error) {
  console.error(`${styled('red', 'The shop could not be asked:')} ${toldOf(error)}`)
  process.exitCode = 2
}
