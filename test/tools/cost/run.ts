/**
 * `npm run cost`: what the shop costs on AWS, from what it uses here. A missed goal is said and is no failure; exit status
 * 2 where it could not be measured.
 */
import { parseArgs } from 'node:util'
import { styled, withProgress } from '../../../cdk/operate/command-line/console.ts'
import { prepareAssembly } from '../../../cdk/operate/start/prepare.ts'
import { actionNames, measureActions } from './actions.ts'
import { printDetail } from './detail.ts'
import { openMeteredShop } from './meter.ts'
import { assumptions, idlePollsPerMonth, prices, pricesDated, pricesRegion } from './prices.ts'
import { countStanding } from './standing.ts'
import { type Billed, billed, dollars, floorOf, largest, standing, together, totalOf } from './usage.ts'

/** Dollars for a million, mails apart. */
const goals = { order: 25, visit: 100 }

const usage = `npm run cost -- [options]   what the shop costs on AWS: dollars for a million of each action, and by the month

  --orders N            orders a month (default 100000)
  --views-per-order N   product pages looked at for each order (default 30)
  --rounds N            rounds to measure, of which the medians are taken (default 9)
  --detail              instead, what one order uses: by table, index, function and type of event
  --help                this text

  Ends with 0, also where a goal is missed; with 2 when it could not be measured or an option makes no sense.`

const readOptions = () => {
  const { values } = parseArgs({
    options: {
      orders: { type: 'string', default: '100000' },
      'views-per-order': { type: 'string', default: '30' },
      rounds: { type: 'string', default: '9' },
      detail: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  for (const name of ['orders', 'views-per-order', 'rounds'] as const)
    if (!/^[1-9]\d{0,11}$/.test(values[name])) throw new Error(`--${name} takes a whole number, not "${values[name]}"`)
  return {
    orders: Number(values.orders),
    views: Number(values['views-per-order']),
    rounds: Number(values.rounds),
    detail: values.detail,
    help: values.help,
  }
}

const money = (amount: number): string => amount.toFixed(2)
const cell = (amount: number): string => (amount === 0 ? '–' : money(amount))
/** Characters of a column, and of the names before them. */
const width = 16
const label = 23

const line = (name: string, cells: readonly string[]): string =>
  name.padEnd(label) + cells.map((text) => text.padStart(width)).join('')

const itemsOf = (costs: Billed) => Object.keys(costs) as (keyof Billed)[]

const printActions = (costs: ReadonlyMap<string, Billed>): void => {
  const all = [...costs.values()]
  const [some] = all
  if (some === undefined) return
  console.log(`\n${styled('bold', line('$ per million', [...costs.keys()]))}`)
  for (const item of itemsOf(some).filter((name) => name !== 'mails'))
    console.log(
      line(
        prices[item].label,
        all.map((each) => cell(each[item])),
      ),
    )
  console.log(styled('bold', line('together', all.map(totalOf).map(cell))))
  console.log(
    styled(
      'dim',
      line(
        'beside it, mails',
        all.map(({ mails }) => cell(mails)),
      ),
    ),
  )
  console.log()
  for (const [name, each] of costs) {
    const most = largest(each, 3).map((item) => `${prices[item].label} ${money(each[item])}`)
    console.log(`${`most of ${name}`.padEnd(label)} ${styled('dim', most.join(', '))}`)
  }
}

const printGoal = (name: string, amount: number, goal: number): void => {
  const sign = amount <= goal ? styled('green', '✔') : styled('yellow', '→')
  console.log(`${sign} ${name}: $${money(amount)} ${styled('dim', `per million; the goal is $${goal}`)}`)
}

const printMonth = async (name: string, visit: Billed, orders: number): Promise<void> => {
  const { resources, polledQueues } = countStanding(await prepareAssembly())
  const polls = polledQueues * idlePollsPerMonth
  const fixed = [
    ...standing(resources).filter(({ count }) => count > 0),
    { label: 'queues asked in vain', count: polledQueues, dollars: (polls * prices.queueRequests.perMillion) / 1e6 },
  ]
  const whole = (amount: number) => `$${amount.toFixed(0)}`.padStart(8)
  const requests = (totalOf(visit) * orders) / 1e6
  const stands = fixed.reduce((sum, { dollars: amount }) => sum + amount, 0)
  console.log(`\n${styled('bold', `a month of ${orders} orders, ${name}`)}`)
  console.log(`${whole(requests)}  what people do`)
  console.log(
    `${whole(stands)}  what stands there ${styled('dim', fixed.map(({ label: what, count, dollars: amount }) => `${count} ${what} ${money(amount)}`).join(', '))}`,
  )
  console.log(styled('bold', `${whole(requests + stands)}  together`))
  console.log(styled('dim', `${whole((visit.mails * orders) / 1e6)}  beside it, mails through SES`))
}

const run = async (): Promise<void> => {
  const { orders, views, rounds, detail, help } = readOptions()
  if (help) return console.log(usage)
  if (detail) return printDetail()
  const shop = await withProgress('opening a shop', openMeteredShop)
  const actions = await withProgress('measuring', (show) =>
    measureActions(shop, { warmUps: 12, rounds }, show),
  ).finally(shop.stop)
  const costs = new Map(actionNames.map((name) => [name, dollars(billed(actions[name]))]))
  const costOf = (name: (typeof actionNames)[number]): Billed => costs.get(name) ?? dollars(billed(actions[name]))
  printActions(costs)
  const saga = together([
    [1, costOf('order')],
    [1, costOf('sending')],
  ])
  const visit = together([
    [views, costOf('page view')],
    [1, costOf('guest and cart')],
    [1, costOf('cart change')],
    [1, saga],
  ])
  console.log()
  const withViews = `with ${views} page ${views === 1 ? 'view' : 'views'} each`
  printGoal('an order until it is delivered and paid', totalOf(saga), goals.order)
  printGoal(`a visit that ends with it, ${withViews}`, totalOf(visit), goals.visit)
  const floor = floorOf(actions.order) + floorOf(actions.sending)
  console.log(styled('dim', `  of the order, its requests at the gateway, events and messages alone: $${money(floor)}`))
  await printMonth(withViews, visit, orders)
  console.log(
    styled(
      'dim',
      `\nprices of ${pricesDated}, ${pricesRegion}, without free tiers: look at the pages in test/tools/cost/prices.ts before relying on them
counts are exact, of a quiet shop, where no two orders share a batch; processor time is this machine's, stretched to
${assumptions.waitingMegabytes} MB, and waiting is assumed; left out: cold starts, storage, backups, schedules, CloudFront`,
    ),
  )
}

try {
  await run()
} catch (error) {
  console.error(`${styled('red', 'The cost could not be told:')} ${error instanceof Error ? error.message : error}`)
  process.exitCode = 2
}
