/** How a shopper orders, and looks at what was ordered. */

import type { Answer, Caller, Http, Json } from '../../cloud/http.ts'
import { ulidOf } from '../../world/decide.ts'
import type { RunContext } from '../../world/run-context.ts'
import type { Erasures } from '../erasures.ts'
import { addresses, methods, shippingMethods } from '../fixtures.ts'

/** What one shopper asked for by one key, and was told. */
export type Placed = {
  shopper: Caller
  key: string
  /** Ids of orders that answers named. More than one is a broken promise. */
  told: Set<string>
}

/** @param placed where shoppers note what they were told */
export const createOrdering = (run: RunContext, http: Http, placed: Placed[], erasures: Erasures) => {
  /** Q1: what a request was told once, its repetition is told again. @returns the id of the order */
  const place = async (me: Caller, name: string, cartId: string): Promise<string | undefined> => {
    const record: Placed = { shopper: me, key: `key of ${name}`.replaceAll(' ', '-'), told: new Set() }
    placed.push(record)
    const body = {
      cartId,
      email: `${me.sub}@example.com`,
      shippingAddress: { ...run.pick(`address of ${name}`, addresses), name: me.sub },
      shippingMethod: run.pick(`shipping of ${name}`, shippingMethods),
      payment: { method: run.pick(`method of ${name}`, methods) },
    }
    const request = { caller: me, headers: { 'idempotency-key': record.key }, body }
    const note = (answer: Answer | undefined) => {
      if (answer?.status === 202) record.told.add(answer.body.id)
    }
    const twin = run.chance(`twin of ${name}`) < 0.2
    const [first, second] = await Promise.all([
      http.ask('orders/place-order', `${name} places`, request),
      twin ? http.ask('orders/place-order', `${name} places at once`, request) : undefined,
    ])
    note(first)
    note(second)
    if (run.chance(`${name} repeats`) < 0.15) {
      await run.sleep(run.pick(`${name} repeats after`, [500, 11 * 60_000, 61 * 60_000, 25 * 60 * 60_000]))
      const again = await http.ask('orders/place-order', `${name} places again`, request)
      note(again)
      if (again?.status === 202 && first?.status === 202 && again.headers['idempotent-replayed'] !== 'true')
        run.violate('Q1', `${name} repeated a request and was not told that it was a repetition`)
      const other = { ...request, body: { ...body, email: 'eve@example.com' } }
      const refused = await http.ask('orders/place-order', `${name} places another`, other)
      // Of an order that is an erased person's no more, nothing is left to compare the body with.
      const isErased = erasures.asked.has(me.sub) && refused?.status === 403
      if (first?.status === 202 && refused && refused.status !== 422 && !isErased)
        run.violate('Q1', `${name} used a key again for another body and was told ${refused.status}`)
    }
    if (record.told.size > 1) run.violate('O1', `${name} was told of ${[...record.told].join(' and ')} for one key`)
    return [...record.told][0]
  }

  const look = async (me: Caller, name: string, orderId: string): Promise<Json> => {
    const answer = await http.ask('orders/read-order', name, { caller: me, params: { orderId } })
    if (answer && answer.status !== 200 && !erasures.asked.has(me.sub))
      run.violate('Q1', `${name}: ${orderId} was told of, but reads ${answer.status}`)
    return answer?.status === 200 ? answer.body : undefined
  }

  /** P1: what is another's is not there. */
  const lookAsStranger = async (name: string, orderId: string): Promise<void> => {
    const stranger: Caller = { sub: `usr_${ulidOf(run.seed, `stranger to ${name}`, 0)}`, scope: 'shop' }
    for (const endpoint of ['orders/read-order', 'orders/cancel-order', 'payments/read-payment']) {
      const answer = await http.ask(endpoint, `a stranger to ${name}`, { caller: stranger, params: { orderId } })
      if (answer && answer.status !== 404) run.violate('P1', `a stranger at ${endpoint} was told ${answer.status}`)
    }
  }

  return { place, look, lookAsStranger }
}

export type Ordering = ReturnType<typeof createOrdering>
