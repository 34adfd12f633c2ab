/**
 * Far more shoppers than units, all at once, through HTTP on the whole shop: exactly what there is gets sold, everybody
 * else is told so, and no look at the stock ever shows more than there is or less than nothing.
 */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { isCampaign } from '../support/property.ts'
import { cartWith, placeOrder, productWithStock } from '../support/purchase.ts'
import { eventually, guestToken, isElsewhere, openShop, staffToken } from '../support/shop.ts'
import { inParallel } from '../tools/replay/shop/parallel.ts'

const shop = await openShop()
after(() => shop.stop())
const staff = await staffToken(shop)

/**
 * Seconds from the first order to the last decision: what the shop promises on two cores that are free for it, to the crowd of a
 * campaign. Of a shop elsewhere nobody here knows how fast it is; there each order is waited for as long as any.
 */
const raceSeconds = 60

/** How much slower than such cores this machine is at the moment, by work that is always the same; 1 where it is not. */
const slowness = (): number => {
  const began = performance.now()
  let sum = 0
  for (let index = 0; index < 100_000_000; index += 1) sum = (sum + index) | 0
  const usualMs = 120
  return Math.max(1, (performance.now() - began) / usualMs)
}
/** Requests under way at a time: more would only wait in line at the gateway of a small machine. */
const requestsAtOnce = Number(process.env.SHOP_REQUESTS_AT_ONCE ?? 40)
/** Milliseconds between two looks at the stock of a SKU, and between two at an order: more would hold up what they look at. */
const lookEveryMs = 200

type Shopper = { token: string; cartId: string }

/** A guest for each of these wishes: the SKUs of a cart, one unit of each, in the order in which they are put in. */
const shoppersWanting = async (wishes: readonly (readonly string[])[]): Promise<Shopper[]> => {
  const shoppers: Shopper[] = []
  await inParallel(wishes, requestsAtOnce, async (skus) => {
    const token = await guestToken(shop)
    shoppers.push({ token, cartId: await cartWith(shop, token, Object.fromEntries(skus.map((sku) => [sku, 1]))) })
  })
  return shoppers
}

/** Looks at the stock as staff see it and as shoppers do, again and again. @returns what ends it, and says how often */
const watchStock = (sku: string, onHand: number): (() => Promise<number>) => {
  let racing = true
  const watch = async (): Promise<number> => {
    let looks = 0
    for (; racing; looks += 1) {
      const { body: seen } = await shop.request('GET /stock/{sku}', { token: staff, params: { sku } })
      const reserved = seen.reserved ?? Number.NaN
      assert.deepEqual([seen.onHand, reserved + seen.available], [onHand, onHand], JSON.stringify(seen))
      const { body: offered } = await shop.request('GET /stock/{sku}', { params: { sku } })
      for (const units of [reserved, seen.available, offered.available])
        assert.ok(Number.isInteger(units) && units >= 0 && units <= onHand, `${units} of ${onHand}`)
      await sleep(lookEveryMs)
    }
    return looks
  }
  const watching = watch()
  // A look that fails is told where it is waited for, after the race.
  watching.catch(() => {})
  return () => {
    racing = false
    return watching
  }
}

const place = async ({ token, cartId }: Shopper) => {
  const key = randomUUID()
  return (await placeOrder(shop, token, cartId, { key, waitSeconds: 0 })).body
}

/** All of them place their orders at once. @returns how each ended */
const race = async (shoppers: readonly Shopper[]): Promise<string[]> => {
  const isTimed = isCampaign && !isElsewhere
  const before = isTimed ? slowness() : 1
  const began = performance.now()
  const placed: { token: string; orderId: string }[] = []
  await inParallel(shoppers, requestsAtOnce, async (shopper) => {
    placed.push({ token: shopper.token, orderId: (await place(shopper)).id })
  })
  const outcomes: string[] = []
  await inParallel(placed, requestsAtOnce, async ({ token, orderId }) => {
    const { body } = await eventually(
      () => shop.request('GET /orders/{orderId}', { token, params: { orderId } }),
      (answer) => ['confirmed', 'cancelled'].includes(answer.body.status),
      lookEveryMs,
    )
    outcomes.push(body.reason ? `${body.status}, ${body.reason}` : body.status)
  })
  if (!isTimed) return outcomes
  const seconds = (performance.now() - began) / 1000
  const allowed = raceSeconds * Math.max(before, slowness())
  assert.ok(seconds < allowed, `decided within ${allowed.toFixed(0)} s, not ${seconds.toFixed(1)}`)
  return outcomes
}

/** Lets shoppers with these wishes race for the stock: exactly so many get it, and all others hear that it is out. */
const sell = async (stock: ReadonlyMap<string, number>, wishes: readonly (readonly string[])[], winners: number) => {
  const shoppers = await shoppersWanting(wishes)
  const watches = [...stock].map(([sku, onHand]) => watchStock(sku, onHand))
  const outcomes = await race(shoppers)
  for (const stop of watches) assert.ok((await stop()) > 0, 'somebody looked')
  assert.deepEqual(
    Object.entries(Object.groupBy(outcomes, (outcome) => outcome))
      .map(([outcome, all]) => [outcome, all?.length])
      .toSorted(),
    [
      ['cancelled, out-of-stock', wishes.length - winners],
      ['confirmed', winners],
    ],
  )
  for (const [sku, onHand] of stock) {
    const { body } = await shop.request('GET /stock/{sku}', { token: staff, params: { sku } })
    assert.deepEqual(
      { onHand: body.onHand, reserved: body.reserved, available: body.available },
      { onHand, reserved: onHand, available: 0 },
    )
  }
}

/** By `npm run campaign` the crowd is as large as the promise says; in every test run a twentieth of it shows the same. */
const crowd = (shoppers: number): number => (isCampaign ? shoppers : Math.ceil(shoppers / 20))

const stocked = async (...units: number[]): Promise<Map<string, number>> => {
  const stock = new Map<string, number>()
  for (const onHand of units) stock.set((await productWithStock(shop, staff, onHand)).sku, onHand)
  return stock
}

describe('more shoppers than units', () => {
  test(`${crowd(500)} shoppers for 10 units of one variant: 10 get one`, async () => {
    const stock = await stocked(10)
    await sell(
      stock,
      Array.from({ length: crowd(500) }, () => [...stock.keys()]),
      10,
    )
  })

  const units = crowd(200) / 10
  test(`${crowd(200)} shoppers for ${units} units of each of two variants, lines in either order: ${units} get both`, async () => {
    const stock = await stocked(units, units)
    const pair = [...stock.keys()]
    await sell(
      stock,
      Array.from({ length: crowd(200) }, (_, index) => (index % 2 ? pair : pair.toReversed())),
      units,
    )
  })

  test('orders that share one of their two lines: who cannot have both holds neither back', async () => {
    const stock = await stocked(crowd(160) / 4, crowd(160) / 8, crowd(160) / 8)
    const [shared = '', one = '', other = ''] = stock.keys()
    await sell(
      stock,
      Array.from({ length: crowd(160) }, (_, index) => (index % 2 ? [shared, one] : [other, shared])),
      crowd(160) / 4,
    )
  })
})
