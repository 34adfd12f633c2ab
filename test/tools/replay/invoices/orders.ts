/** From the file's lines to what is to be done in the shop: products, stock, orders and cancellations, in time order. Pure. */
import { createHash } from 'node:crypto'
import { createCatalogue, isCancellation, meaningOf, type Product } from './catalogue.ts'
import { countryCode, homeCountry } from './countries.ts'
import type { Row, Unreadable } from './csv.ts'
import { createTally, type Tally } from './tally.ts'

export type Line = { sku: string; quantity: number }

export type PlannedOrder = {
  /** `536378-1`: invoice and part; the idempotency key follows from it. */
  key: string
  country: string
  /** Each SKU once, at most 99 units of it; at most 100 lines. */
  lines: readonly Line[]
  payment:
    | 'sandbox_ok'
    | 'sandbox_declined'
    | 'sandbox_insufficient_funds'
    | 'sandbox_flaky'
    | 'sandbox_action_required'
  /** What the shopper answers where the bank asks. */
  confirmation: 'success' | 'failure'
  fulfilment: 'none' | 'dispatched' | 'delivered'
}

/** One invoice: the orders that it becomes, or what it gives back. */
export type Step = {
  invoice: string
  at: string
  customer: string | undefined
} & ({ kind: 'orders'; orders: readonly PlannedOrder[] } | { kind: 'return'; lines: readonly Line[] })

export type Plan = {
  products: readonly Product[]
  /** Units that all orders together ask for, by SKU. */
  demand: ReadonlyMap<string, number>
  steps: readonly Step[]
  lines: { read: number; sold: number; returned: number; duplicates: number; leftOut: Tally }
  invoices: { read: number; replayed: number; empty: number; beyondLimit: number; unknownCountries: Tally }
}

/** What a cart takes, as the API promises, and an order, as the shop is configured. */
const mostLines = 100
const mostPerLine = 99

/** Evenly spread over 0 to 1, and always the same for the same text: the replay's dice. */
const share = (text: string): number => createHash('sha256').update(text).digest().readUInt32BE() / 2 ** 32

const paymentOf = (key: string): Pick<PlannedOrder, 'payment' | 'confirmation'> => {
  const die = share(`payment ${key}`)
  if (die < 0.02) return { payment: 'sandbox_declined', confirmation: 'success' }
  if (die < 0.03) return { payment: 'sandbox_insufficient_funds', confirmation: 'success' }
  if (die < 0.05) return { payment: 'sandbox_flaky', confirmation: 'success' }
  if (die < 0.07) return { payment: 'sandbox_action_required', confirmation: 'success' }
  if (die < 0.08) return { payment: 'sandbox_action_required', confirmation: 'failure' }
  return { payment: 'sandbox_ok', confirmation: 'success' }
}

const fulfilmentOf = (key: string): PlannedOrder['fulfilment'] => {
  const die = share(`fulfilment ${key}`)
  if (die < 0.5) return 'delivered'
  return die < 0.6 ? 'dispatched' : 'none'
}

/** True when the order is to end confirmed or beyond; false when its payment is to fail. */
export const shouldConfirm = ({ payment, confirmation }: Pick<PlannedOrder, 'payment' | 'confirmation'>): boolean =>
  payment === 'sandbox_ok' ||
  payment === 'sandbox_flaky' ||
  (payment === 'sandbox_action_required' && confirmation === 'success')

/** The same SKU on several lines is added up. */
const addedUp = (lines: readonly Line[]): Line[] => {
  const quantities = new Map<string, number>()
  for (const { sku, quantity } of lines) quantities.set(sku, (quantities.get(sku) ?? 0) + quantity)
  return [...quantities].map(([sku, quantity]) => ({ sku, quantity }))
}

/** What one cart cannot hold goes into further ones: at most 100 lines, at most 99 units of a SKU. */
export const cartsOf = (lines: readonly Line[]): Line[][] => {
  const carts: Line[][] = []
  for (let left = addedUp(lines); left.length > 0; ) {
    const fitting = left.map(({ sku, quantity }) => ({ sku, quantity: Math.min(quantity, mostPerLine) }))
    for (let from = 0; from < fitting.length; from += mostLines) carts.push(fitting.slice(from, from + mostLines))
    left = left.flatMap(({ sku, quantity }) =>
      quantity > mostPerLine ? [{ sku, quantity: quantity - mostPerLine }] : [],
    )
  }
  return carts
}

type Invoice = {
  number: string
  at: string
  order: number
  customer: string | undefined
  country: string
  rows: Row[]
}

const stepOf = (invoice: Invoice, lines: readonly Line[], country: string): Step => {
  const { number, at, customer } = invoice
  const common = { invoice: number, at, customer }
  if (isCancellation(number)) return { ...common, kind: 'return', lines: addedUp(lines) }
  const orders = cartsOf(lines).map((cart, index) => {
    const key = `${number}-${index + 1}`
    return { key, country, lines: cart, ...paymentOf(key), fulfilment: fulfilmentOf(key) }
  })
  return { ...common, kind: 'orders', orders }
}

/** Gathers the file's lines into invoices; `plan` then gives what the first `limit` of them, in time order, ask for. */
export const createPlanner = () => {
  const invoices = new Map<string, Invoice>()
  const seen = new Set<string>()
  const unreadable = createTally()
  let read = 0
  let duplicates = 0

  const gather = (row: Row): void => {
    const { line: _, ...values } = row
    const fingerprint = Object.values(values).join('\u0000')
    if (seen.has(fingerprint)) duplicates += 1
    seen.add(fingerprint)
    const { invoice: number, at, customer, country } = row
    const invoice = invoices.get(number) ?? { number, at, order: invoices.size, customer, country, rows: [] }
    invoice.rows.push(row)
    if (at < invoice.at) invoice.at = at
    invoices.set(number, invoice)
  }

  return {
    add(row: Row | Unreadable): void {
      read += 1
      if ('unreadable' in row) unreadable.add(row.unreadable, `line ${row.line}`)
      else gather(row)
    },

    plan(limit = Number.POSITIVE_INFINITY): Plan {
      const inTime = [...invoices.values()].sort((a, b) => (a.at === b.at ? a.order - b.order : a.at < b.at ? -1 : 1))
      const chosen = inTime.slice(0, limit)
      const catalogue = createCatalogue()
      const leftOut = createTally()
      for (const { name, count, example } of unreadable.entries()) leftOut.add(name, example, count)
      const unknownCountries = createTally()
      const demand = new Map<string, number>()
      const counts = { sale: 0, return: 0 }
      const steps: Step[] = []
      for (const invoice of chosen) {
        const lines: Line[] = []
        for (const row of invoice.rows) {
          const meaning = meaningOf(row)
          if (meaning.kind === 'left-out') {
            leftOut.add(meaning.reason, `line ${row.line}`)
            continue
          }
          const { kind, sku, quantity } = meaning
          counts[kind] += 1
          lines.push({ sku, quantity })
          if (kind === 'return') continue
          catalogue.add(sku, row)
          demand.set(sku, (demand.get(sku) ?? 0) + quantity)
        }
        if (lines.length === 0) continue
        const country = countryCode(invoice.country)
        if (country === undefined) unknownCountries.add(invoice.country || '(none)', `invoice ${invoice.number}`)
        steps.push(stepOf(invoice, lines, country ?? homeCountry))
      }
      return {
        products: catalogue.products(),
        demand,
        steps,
        lines: { read, sold: counts.sale, returned: counts.return, duplicates, leftOut },
        invoices: {
          read: invoices.size,
          replayed: steps.length,
          empty: chosen.length - steps.length,
          beyondLimit: invoices.size - chosen.length,
          unknownCountries,
        },
      }
    },
  }
}
