/** The reconciliation report, as text. Pure. */
import { formatMoney } from '../../../../shared/domain/money.ts'
import type { Driven } from '../driving/drive.ts'
import type { Stocked } from '../driving/stocking.ts'
import type { Plan } from '../invoices/orders.ts'
import type { Tally } from '../invoices/tally.ts'
import type { Cpu } from '../shop/shop.ts'
import { type EventCounts, sumEvents } from './checks.ts'
import type { Reconciliation } from './reconcile.ts'

export type Findings = {
  file: string
  currency: string
  plan: Pick<Plan, 'products' | 'lines' | 'invoices'>
  stocked: Pick<Stocked, 'created' | 'existing' | 'units'>
  driven: Pick<Driven, 'outcomes' | 'refusals' | 'returns'>
  reconciliation: Reconciliation
  /** Undefined: the shop runs elsewhere and shows neither. */
  events: EventCounts | undefined
  cpu: Cpu | undefined
  /** How long the orders took, until the shop had nothing left to do. */
  seconds: number
  requests: number
  /** All that does not add up. */
  wrong: readonly string[]
}

const shownWrong = 20

const count = (value: number): string => value.toLocaleString('en')

const row = (name: string, value: string): string => `  ${name.padEnd(30)} ${value}`

/** The total on the first line, each reason with an example on its own. */
const tallyRows = (name: string, tally: Tally): string[] => [
  row(name, count(tally.total())),
  ...tally
    .entries()
    .map(
      (entry) => `    ${count(entry.count).padStart(8)}  ${entry.name}${entry.example ? ` (${entry.example})` : ''}`,
    ),
]

const inputLines = ({ file, plan, stocked, currency }: Findings): string[] => {
  const { lines, invoices, products } = plan
  return [
    `Replay of ${file}`,
    row('lines read', `${count(lines.read)}, of them ${count(lines.duplicates)} exact duplicates (kept, added up)`),
    row('lines replayed', `${count(lines.sold)} sold, ${count(lines.returned)} given back`),
    ...tallyRows('lines left out', lines.leftOut),
    row(
      'invoices',
      `${count(invoices.read)}: ${count(invoices.replayed)} replayed, ${count(invoices.empty)} with nothing`,
    ),
    ...(invoices.beyondLimit > 0 ? [row('', `to replay, ${count(invoices.beyondLimit)} beyond the limit`)] : []),
    ...(invoices.unknownCountries.total() > 0 ? tallyRows('countries taken as GB', invoices.unknownCountries) : []),
    row(
      'products',
      `${count(products.length)}: ${count(stocked.created)} made, ${count(stocked.existing)} there before`,
    ),
    row('units received', count(stocked.units)),
    row('prices', `hundredths of a pound taken over as minor units of ${currency}`),
  ]
}

const outcomeLines = ({ driven, currency }: Findings): string[] => {
  const { outcomes, refusals, returns } = driven
  const cancelled = outcomes.entries().filter(({ name }) => name.startsWith('cancelled: '))
  return [
    'Orders',
    row('placed', count(outcomes.total())),
    row('confirmed', count(outcomes.of('confirmed'))),
    row('cancelled by the shop', count(cancelled.reduce((sum, entry) => sum + entry.count, 0))),
    ...cancelled.map(
      ({ name, count: times }) => `    ${count(times).padStart(8)}  ${name.slice('cancelled: '.length)}`,
    ),
    ...tallyRows('refused', refusals),
    'Cancelled invoices',
    ...tallyRows('what became of their lines', returns.lines),
    ...tallyRows('cancellations refused', returns.refusals),
    row('refunded', formatMoney({ amount: returns.refunded, currency })),
  ]
}

const verdict = (wrong: number): string => {
  if (wrong === 0) return 'Everything adds up.'
  return wrong === 1 ? '1 thing does not add up:' : `${count(wrong)} things do not add up:`
}

const sumLines = ({ reconciliation, events, currency, wrong }: Findings): string[] => {
  const { stock, money, ledger, skus, orders } = reconciliation
  const show = (amount: number) => formatMoney({ amount, currency })
  const units = `${count(stock.received)} = ${count(stock.free)} + ${count(stock.reserved)} + ${count(stock.sold)}`
  const cash = `${show(money.total)} = ${show(money.captured)} + ${show(money.outstanding)} - ${show(money.refunded)}`
  return [
    'What must add up',
    row('each of the SKUs', `${count(skus)}: received = on hand + reserved + sold`),
    row('', `${units} (on hand: free of reservations)`),
    row('each of the orders', `${count(orders)}: total = captured + outstanding - refunded`),
    row('', cash),
    row('ledger', `sums to ${count(ledger)}`),
    ...eventLines(events),
    verdict(wrong.length),
    ...wrong.slice(0, shownWrong).map((each) => `  - ${each}`),
    ...(wrong.length > shownWrong ? [`  - and ${count(wrong.length - shownWrong)} more`] : []),
  ]
}

const eventLines = (events: EventCounts | undefined): string[] => {
  if (!events) return [row('events', 'cannot be seen from outside the shop')]
  const { published, due, consumed, deadLettered } = sumEvents(events)
  return [
    row('events', `${count(published)} published, ${count(due)} deliveries to their consumers`),
    row('', `${count(due)} = ${count(consumed)} consumed + ${count(deadLettered)} in a dead-letter queue`),
  ]
}

const speedLines = ({ driven, seconds, requests, cpu }: Findings): string[] => {
  const orders = Math.max(1, driven.outcomes.total())
  const per = (ms: number) => `${(ms / orders).toFixed(1)} ms`
  return [
    'Speed',
    row(
      'orders per second',
      `${(orders / seconds).toFixed(1)} (${count(Math.round(requests / orders))} requests each)`,
    ),
    ...(cpu
      ? [
          row('CPU per order', `${per(cpu.functionsMs)} in functions (worker threads), consumers and all`),
          row('', `${per(cpu.mainMs)} in gateway, bus, queues and the replay's client (main thread)`),
          row('', 'the database engine, a process of its own, is not counted'),
        ]
      : [row('CPU per order', 'cannot be seen from outside the shop')]),
  ]
}

export const reportOf = (findings: Findings): string =>
  [inputLines, outcomeLines, sumLines, speedLines].map((part) => part(findings).join('\n')).join('\n\n')
