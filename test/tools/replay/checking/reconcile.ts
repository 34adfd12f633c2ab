/** Reads from the shop what it keeps of the replay's orders and stock, and has it checked. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Story } from '../driving/place.ts'
import type { Opening } from '../driving/stocking.ts'
import { type Ask, expected } from '../shop/ask.ts'
import { inParallel } from '../shop/parallel.ts'
import type { Session } from '../shop/session.ts'
import { Ledger, Order, Payment, Stock } from '../shop/shapes.ts'
import { type Account, accountOf, checkMoney, checkOrder, checkStock, unitsBySku } from './checks.ts'

export type Reconciliation = {
  orders: number
  skus: number
  /** All orders together; minor units. */
  money: Account
  stock: { received: number; free: number; reserved: number; sold: number }
  /** The sum of every order's ledger: 0. */
  ledger: number
  /** One line for each thing that does not add up. */
  wrong: string[]
}

type Shop = {
  ask: Ask
  staff: Session
  /** How long a thing may not add up yet: a shop seen from outside may still be working. */
  graceMs: number
}

/** Looks again until nothing is wrong or the time is up. */
const settled = async <T extends { wrong: readonly string[] }>(graceMs: number, look: () => Promise<T>): Promise<T> => {
  const endMs = Date.now() + graceMs
  for (;;) {
    const found = await look()
    if (found.wrong.length === 0 || Date.now() >= endMs) return found
    await sleep(500)
  }
}

const add = (to: Record<string, number>, more: Readonly<Record<string, number>>): void => {
  for (const [name, amount] of Object.entries(more)) to[name] = (to[name] ?? 0) + amount
}

const lookAtOrder = async ({ ask, staff }: Shop, story: Story) => {
  const path = `/orders/${story.id}`
  const read = async (below: string) => ask('GET', path + below, { as: staff })
  const order = expected(Order, 200, 'GET', path, await read(''))
  const payment = expected(Payment, 200, 'GET', `${path}/payment`, await read('/payment'))
  const ledger = expected(Ledger, 200, 'GET', `${path}/payment/ledger`, await read('/payment/ledger'))
  return {
    account: accountOf(story, order, payment),
    ledger: ledger.data.reduce((sum, { amount }) => sum + amount, 0),
    wrong: [...checkOrder(story, order), ...checkMoney(story, order, payment, ledger)],
  }
}

export const reconcile = async (
  shop: Shop,
  stories: readonly Story[],
  openings: ReadonlyMap<string, Opening>,
  concurrency: number,
  onDone: () => void,
): Promise<Reconciliation> => {
  const units = unitsBySku(stories)
  const found: Reconciliation = {
    orders: stories.length,
    skus: openings.size,
    money: { total: 0, captured: 0, outstanding: 0, refunded: 0 },
    stock: { received: 0, free: 0, reserved: 0, sold: 0 },
    ledger: 0,
    wrong: [],
  }

  /** What cannot be read is wrong as well, and no reason to leave the rest unread. */
  const carefully = async (what: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      found.wrong.push(`${what}: ${error instanceof Error ? error.message : String(error)}`)
    }
    onDone()
  }

  await inParallel(stories, concurrency, (story) =>
    carefully(`order ${story.id}`, async () => {
      const { account, ledger, wrong } = await settled(shop.graceMs, () => lookAtOrder(shop, story))
      add(found.money, account)
      found.ledger += ledger
      found.wrong.push(...wrong)
    }),
  )
  await inParallel(openings, concurrency, ([sku, opening]) =>
    carefully(`SKU ${sku}`, async () => {
      const path = `/stock/${sku}`
      const { stock, wrong } = await settled(shop.graceMs, async () => {
        const answer = await shop.ask('GET', path, { as: shop.staff })
        const stock = expected(Stock, 200, 'GET', path, answer)
        return { stock, wrong: checkStock(sku, opening, stock, units.get(sku)) }
      })
      const sold = units.get(sku)?.sold ?? 0
      const received = opening.onHand + opening.received
      add(found.stock, { received, free: stock.available, reserved: stock.reserved, sold })
      found.wrong.push(...wrong)
    }),
  )
  if (found.ledger !== 0) found.wrong.push(`the ledgers of all orders together sum to ${found.ledger}`)
  return found
}
