/** Reads from the shop what it keeps of the replay's orders and stock, and has it checked. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ShopClient } from '../../../../functions/client.ts'
import type { Story } from '../driving/place.ts'
import type { Opening } from '../driving/stocking.ts'
import { inParallel } from '../shop/parallel.ts'
import { levelsOf } from '../shop/shapes.ts'
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
  staff: ShopClient
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

const lookAtOrder = async ({ staff }: Shop, story: Story) => {
  const params = { orderId: story.id }
  const order = await staff.expect('GET /orders/{orderId}', { params })
  const payment = await staff.expect('GET /orders/{orderId}/payment', { params })
  const ledger = await staff.expect('GET /orders/{orderId}/payment/ledger', { params })
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
      const { stock, wrong } = await settled(shop.graceMs, async () => {
        const counted = levelsOf(await shop.staff.expect('GET /stock/{sku}', { params: { sku } }))
        return { stock: counted, wrong: checkStock(sku, opening, counted, units.get(sku)) }
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
