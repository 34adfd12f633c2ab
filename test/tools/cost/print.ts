/** The bill as people read it. */
import { styled } from '../../../cdk/operate/command-line/console.ts'
import { type Actions, actionNames } from './actions.ts'
import { levelAt, orderOf, waitingForOrder } from './costs.ts'
import { assumptions, prices, pricesDated, pricesRegion } from './prices.ts'
import { linesOf, type Standing } from './standing.ts'
import { type Billed, billed, busy, dollars, floorOf, largest, provisioned, totalOf, tracedShareAt } from './usage.ts'

/** Dollars: of a million orders, mails apart, and of a month in which nobody comes. */
const goals = { onDemand: 50, provisioned: 36, idle: { dev: 15, staging: 15, prod: 45 } as Record<string, number> }

/** Requests a second to one function: a shop that is busy enough for X-Ray to leave most out. */
const manyPerSecond = 20

const money = (amount: number): string => amount.toFixed(2)
const cell = (amount: number): string => (amount === 0 ? '–' : money(amount))
/** Characters of a column, and of the names before them. */
const width = 16
const label = 30

const line = (name: string, cells: readonly string[]): string =>
  name.padEnd(label) + cells.map((text) => text.padStart(width)).join('')

const goal = (name: string, amount: number, most: number): string => {
  const sign = amount <= most ? styled('green', '✔') : styled('yellow', '→')
  return `${sign} ${name.padEnd(label + 14)}${`$${money(amount)}`.padStart(9)}  ${styled('dim', `the goal is $${most}`)}`
}

const itemsOf = (costs: Billed) => Object.keys(costs) as (keyof Billed)[]

/** The item where it is not part of the sum: by how busy the shop is, or by what a stage chooses. */
const printBeside = (actions: Actions): void => {
  const all = actionNames.map((name) => actions[name])
  const beside = (name: string, of: (costs: Billed) => number, level = busy) =>
    console.log(
      styled(
        'dim',
        line(
          name,
          all.map((measured) => cell(of(dollars(billed(measured, level))))),
        ),
      ),
    )
  const added = (level: typeof busy) => (name: string) =>
    console.log(
      styled(
        'dim',
        line(
          name,
          all.map((measured) => cell(totalOf(dollars(billed(measured, level))) - totalOf(dollars(billed(measured))))),
        ),
      ),
    )
  added({ ...busy, tracedShare: 1 })('+ X-Ray active, quiet shop')
  added({ ...busy, tracedShare: tracedShareAt(manyPerSecond) })(`+ X-Ray active, ${manyPerSecond} a second`)
  added({ ...busy, coldShare: 1 })('+ where every start is cold')
  beside('+ mails', ({ mails }) => mails)
}

export const printPerMillion = (actions: Actions): void => {
  const costs = actionNames.map((name) => dollars(billed(actions[name])))
  const [some] = costs
  if (some === undefined) return
  console.log(`\n${styled('bold', line('$ per million', actionNames))}`)
  for (const item of itemsOf(some).filter((name) => name !== 'mails' && name !== 'traces'))
    console.log(
      line(
        prices[item].label,
        costs.map((each) => cell(each[item])),
      ),
    )
  console.log(styled('bold', line('together', costs.map(totalOf).map(cell))))
  printBeside(actions)
  const order = orderOf(actions)
  const most = largest(order, 4).map((item) => `${prices[item].label} ${money(order[item])}`)
  console.log(`\n${styled('bold', 'a million orders')} from checkout until delivered, paid and completed`)
  console.log(goal('tables paid by use', totalOf(order), goals.onDemand))
  console.log(goal('tables whose capacity stands ready', totalOf(provisioned(order)), goals.provisioned))
  console.log(`  ${styled('dim', `most of it: ${most.join(', ')}`)}`)
  const floor = floorOf(actions.order) + floorOf(actions.sending)
  console.log(`  ${styled('dim', `its requests at the gateway, events and messages alone: ${money(floor)}`)}`)
  console.log(
    `  ${styled('dim', `where payers decide later and clients wait for that (Prefer: wait): ${money(totalOf(waitingForOrder()))} more`)}`,
  )
}

const sumOf = (standing: Standing): number => linesOf(standing).reduce((sum, { dollars: amount }) => sum + amount, 0)

/** A month in which nobody comes, as each stage is deployed. */
export const printIdle = (stages: readonly { stage: string; standing: Standing }[]): void => {
  console.log(`\n${styled('bold', 'a month in which nobody comes')}`)
  for (const { stage, standing } of stages) {
    console.log(goal(stage, sumOf(standing), goals.idle[stage] ?? Number.POSITIVE_INFINITY))
    const parts = linesOf(standing).map(
      ({ label: what, count, dollars: amount }) => `${count} ${what} ${money(amount)}`,
    )
    console.log(`  ${styled('dim', parts.join(', '))}`)
  }
}

/** Months of `prod`, from a small shop to a large one. @param visit dollars a million, in a month of so many */
export const printMonths = (
  visit: (orders: number, tracing?: 'active') => Billed,
  sizes: readonly number[],
  standing: Standing,
): void => {
  const whole = (amount: number) => `$${amount.toFixed(0)}`
  const row = (name: string, of: (orders: number) => number) => line(name, sizes.map(of).map(whole))
  const used = (costs: Billed, orders: number) => (totalOf(costs) * orders) / 1e6
  console.log(
    `\n${styled(
      'bold',
      line(
        'prod, a month of',
        sizes.map((orders) => `${orders} orders`),
      ),
    )}`,
  )
  console.log(row('what people do', (orders) => used(visit(orders), orders)))
  console.log(row('what stands there', () => sumOf(standing)))
  console.log(
    styled(
      'bold',
      row('together', (orders) => used(visit(orders), orders) + sumOf(standing)),
    ),
  )
  const dim = (name: string, of: (orders: number) => number) => console.log(styled('dim', row(name, of)))
  dim('with capacity ready', (orders) => used(provisioned(visit(orders)), orders) + sumOf(standing))
  dim('+ X-Ray active', (orders) => used(visit(orders, 'active'), orders) - used(visit(orders), orders))
  dim('+ mails through SES', (orders) => (visit(orders).mails * orders) / 1e6)
}

/** @param views product pages before each order */
export const printSources = (views: number): void => {
  const { coldShare } = levelAt(1_000, 'pass-through')
  console.log(
    styled(
      'dim',
      `
prices of ${pricesDated}, ${pricesRegion}, without free tiers: look at the pages in test/tools/cost/prices.ts before relying on them
a visit is ${views} page views, a guest, a cart and an order; of 1000 orders a month ${Math.round(coldShare * 100)} % meet functions that must start first
counts are exact, of a quiet shop, where no two orders share a batch; processor time is this machine's, stretched to
${assumptions.waitingMegabytes} MB, and waiting is assumed; left out: storage, backups, CloudFront's requests`,
    ),
  )
}
