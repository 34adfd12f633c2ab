import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, describe, test } from 'node:test'
import { inventory } from '../../../functions/inventory/contract.ts'
import { returnChunks } from '../../../functions/inventory/domain.ts'
import { returnReceived } from '../../../functions/published/orders.ts'
import { fc } from '../../support/property.ts'
import { spent } from '../../support/round-trips.ts'
import { type Json, someEvent, someId, staff, startService } from '../../support/service.ts'
import { budgets } from './budgets.ts'
import { placed } from './events.ts'

const service = await startService(inventory)
after(() => service.stop())

type Line = { sku: string; quantity: number }

/** Stock items as receipts would have left them, without their history. */
const shelf = async (count: number, onHand: number): Promise<string[]> => {
  const skus = Array.from({ length: count }, () => randomUUID())
  for (const sku of skus) {
    const item = { sku, onHand, reserved: 0, available: onHand, version: 1, sequence: 1 }
    await service.put({ pk: `stock#${sku}`, sk: 'stock', ...item })
  }
  return skus
}
const levels = async (skus: readonly string[]): Promise<number[][]> => {
  const items = (await service.items()).filter(({ sk }) => sk === 'stock')
  return skus.map((sku) => {
    const { onHand, reserved, available }: Json = items.find((item) => item.sku === sku)
    assert.equal(available, onHand - reserved, 'S1: available = on hand - reserved')
    return [onHand, reserved]
  })
}
const received = (orderId: string, lines: readonly Line[], returnId = someId('ret')) =>
  someEvent(returnReceived, orderId, {
    orderId,
    customerId: someId('gst'),
    returnId,
    lines,
    refund: { amount: 100, currency: 'EUR' },
  })
const hear = (...events: ReturnType<typeof received>[]) => service.deliver('restockReturn', events)
const reserve = (orderId: string, lines: readonly Line[]) => service.call('reserve', placed(orderId, [...lines]))
const dispatch = (orderId: string) => service.call('commit', { orderId })
const during = async (work: () => Promise<unknown>): Promise<string[]> => {
  const from = service.database.length
  await work()
  return service.database.slice(from).map(({ operation }) => operation)
}
const history = async (sku: string): Promise<Json[]> =>
  (await service.request('readHistory', { caller: staff(), params: { sku } })).body.data

describe('restock-return', () => {
  test('books in what came back, with its history and its event, in one write; again, that is refused', async () => {
    const [sku = '', other = ''] = await shelf(2, 5)
    const orderId = someId('ord')
    const event = received(orderId, [
      { sku, quantity: 2 },
      { sku: other, quantity: 1 },
    ])
    assert.deepEqual(spent(await during(() => hear(event))), budgets['restock-return'])
    assert.deepEqual(spent(await during(() => hear(event))), budgets['restock-return'])
    assert.deepEqual(await hear(event, event), [])
    assert.deepEqual(await levels([sku, other]), [
      [7, 0],
      [6, 0],
    ])
    assert.deepEqual(
      (await history(sku)).map((movement) => [movement.kind, movement.quantity, movement.orderId]),
      [['return', 2, orderId]],
    )
    const told = (await service.outbox()).find(({ aggregateId }) => aggregateId === sku)
    assert.deepEqual(told?.data, { sku, onHand: 7, reserved: 0, available: 7 })
  })

  test('two returns of one order are two, also at once and each heard twice', async () => {
    const [sku = ''] = await shelf(1, 5)
    const orderId = someId('ord')
    const [one, two] = [received(orderId, [{ sku, quantity: 2 }]), received(orderId, [{ sku, quantity: 1 }])]
    assert.deepEqual(await hear(one, two, one, two), [])
    assert.deepEqual(await levels([sku]), [[8, 0]])
  })

  test('S2: goods that are back before their dispatch is heard of: both are booked', async () => {
    const [sku = ''] = await shelf(1, 5)
    const orderId = someId('ord')
    await reserve(orderId, [{ sku, quantity: 3 }])
    assert.deepEqual(await hear(received(orderId, [{ sku, quantity: 3 }])), [])
    assert.deepEqual(await levels([sku]), [[8, 3]])
    assert.deepEqual(await dispatch(orderId), {})
    assert.deepEqual(await levels([sku]), [[5, 0]])
    assert.deepEqual((await history(sku)).map(({ kind, quantity }) => [kind, quantity]).toSorted(), [
      ['return', 3],
      ['sale', -3],
    ])
  })

  test('a hundred lines go in three steps; what fails in between goes on where it ended, and nothing comes in twice', async () => {
    const skus = await shelf(100, 1)
    const event = received(
      someId('ord'),
      skus.map((sku) => ({ sku, quantity: 2 })),
    )
    let writes = 0
    service.fakes.fails = ({ operation }) => operation === 'TransactWriteItems' && ++writes === 2
    assert.deepEqual(await hear(event), [event.id])
    service.fakes.fails = undefined
    assert.equal((await levels(skus)).filter(([onHand]) => onHand === 3).length, 45)
    assert.deepEqual(spent(await during(() => hear(event))), budgets['restock-return: a hundred lines'])
    assert.ok((await levels(skus)).every(([onHand, reserved]) => onHand === 3 && reserved === 0))
  })

  test('what the house keeps no stock of comes back as a failed message, and nothing of its chunk is booked', async () => {
    const [sku = ''] = await shelf(1, 5)
    const event = received(someId('ord'), [
      { sku, quantity: 1 },
      { sku: 'NEVER-SEEN', quantity: 1 },
    ])
    assert.deepEqual(await hear(event), [event.id])
    assert.deepEqual(await levels([sku]), [[5, 0]])
  })

  test('the chunks of a return fit into a transaction and cover every unit once', () => {
    const lines = fc.array(fc.record({ sku: fc.nat(120).map(String), quantity: fc.integer({ min: 1, max: 9 }) }), {
      maxLength: 120,
    })
    fc.assert(
      fc.property(lines, (given) => {
        const chunks = returnChunks(given)
        const skus = chunks.flat().map(({ sku }) => sku)
        assert.equal(new Set(skus).size, skus.length)
        for (const chunk of chunks) assert.ok(chunk.length > 0 && 1 + 2 * chunk.length <= 100)
        const sum = (of: readonly Line[]) => of.reduce((units, { quantity }) => units + quantity, 0)
        assert.equal(sum(chunks.flat()), sum(given))
      }),
    )
  })
})
