/** Shoppers who send back what they have bought: all at once, in parts, or more than they have. */

import type { Answer, Caller, Http, Json } from '../../cloud/http.ts'
import type { RunContext } from '../../world/run-context.ts'
import { sendBackgroundRequests } from '../background-requests.ts'
import type { Staff } from '../staff/staff.ts'
import type { Ordering } from './ordering.ts'

type Line = { sku: string; quantity: number }

/** @returns what a shopper does who wants to give back what they have ordered */
export const createReturner = (run: RunContext, http: Http, staff: Staff, { look }: Pick<Ordering, 'look'>) => {
  const request = async (
    me: Caller,
    name: string,
    orderId: string,
    lines: readonly Line[],
  ): Promise<Answer | undefined> => {
    const answer = await http.ask('orders/request-return', `${name} sends back`, {
      caller: me,
      params: { orderId },
      headers: { 'idempotency-key': `return of ${name}`.replaceAll(' ', '-') },
      body: { lines },
    })
    if (answer?.status !== 201) return answer
    const requests = [['orders/read-return', { params: { returnId: answer.body.id } }]] as const
    await sendBackgroundRequests({ run, http }, me, `${name} after the return`, requests)
    await Promise.all([
      staff.receive(name, answer.body.id, lines),
      run.chance(`${name} keeps it after all`) < 0.08
        ? http.ask('orders/withdraw-return', `${name} keeps it after all`, {
            caller: me,
            params: { returnId: answer.body.id },
          })
        : undefined,
    ])
    return answer
  }
  const linesOf = (name: string, order: Json): Line[] =>
    run.chance(`${name} sends part back`) < 0.5
      ? [{ sku: order.lines[0].sku, quantity: 1 }]
      : order.lines.map(({ sku, quantity }: Line) => ({ sku, quantity }))
  /** The rest follows in a parcel of its own; impatient people ask twice, by another key. */
  const sendRest = async (me: Caller, name: string, orderId: string, order: Json): Promise<void> => {
    const [line, ...others]: Line[] = order.lines
    if (!line) return
    const rest = [...(line.quantity > 1 ? [{ ...line, quantity: line.quantity - 1 }] : []), ...others].map(
      ({ sku, quantity }) => ({ sku, quantity }),
    )
    if (rest.length === 0) return
    const twin = run.chance(`${name} sends the rest twice`) < 0.3
    await Promise.all([
      request(me, `${name} with the rest`, orderId, rest),
      twin ? request(me, `${name} with the rest again`, orderId, rest) : undefined,
    ])
  }

  return async (me: Caller, name: string, orderId: string): Promise<void> => {
    for (let tries = 1; tries <= 6; tries += 1) {
      await run.sleep(run.pick(`${name} sends back after ${tries}`, [1_000, 60_000, 30 * 60_000, 2 * 60 * 60_000]))
      const order = await look(me, `${name} looks ${tries}`, orderId)
      if (!order?.lines[0] || (order.status !== 'shipped' && order.status !== 'delivered')) continue
      if (order.status === 'shipped') run.reached.add('a return begun before the delivery was known')
      const lines = linesOf(name, order)
      const hasRest = lines.length === 1 && run.chance(`${name} sends the rest back`) < 0.5
      const twin = run.chance(`${name} asks for it twice`) < 0.15
      await Promise.all([
        request(me, name, orderId, lines),
        twin ? request(me, `${name} again`, orderId, lines) : undefined,
        hasRest ? sendRest(me, name, orderId, order) : undefined,
      ])
      return
    }
  }
}
