/**
 * What every payment provider owes the shop, whoever it is: one suite for all. A provider is given with its other side, on
 * which the suite looks at what it has really done, lets its payer act, and loses its answers.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Provider, ReadReport, SignedRequest } from '../../../../functions/payments/providers/port.ts'
import { someId } from '../../../support/service.ts'

/** What the provider itself says of an order. Minor units. */
export type Held = { setAside: number; captured: number; refunded: number }

export type BothSides = {
  provider: Provider
  read: ReadReport
  /** A method for each thing that can become of an authorization. */
  methods: { good: string; declined: string; needsPayer: string; slow: string }
  held(orderId: string): Promise<Held>
  /** The payer does what their bank asks for; with what the page then says. */
  payerAgrees(orderId: string): Promise<unknown>
  /** It decides in favour of an authorization that it has left pending. */
  decides(orderId: string): Promise<void>
  /** Its report on that, as it would send it, however often. */
  report(orderId: string): SignedRequest
  /** The next request of this step has its effect, and nobody hears of it. @returns whether that has happened */
  loseAnswer(step: 'authorize' | 'capture' | 'void' | 'refund'): () => boolean
  /** As days later, where it keeps the keys of steps for some time only. */
  forgetKeys(): void
}

const eur = (amount: number) => ({ amount, currency: 'EUR' })
const nothing: Held = { setAside: 0, captured: 0, refunded: 0 }

export const conforms = (name: string, sides: BothSides): void => {
  describe(`the provider ${name}`, () => {
    const { provider, methods } = sides
    const authorize = (orderId: string, method = methods.good) =>
      provider.authorize({ key: `${orderId}:authorize`, orderId, method, amount: eur(5000) })
    const confirm = (orderId: string, answer: unknown) =>
      provider.confirm({ key: `${orderId}:confirm`, orderId, answer })
    const capture = (orderId: string, amount = 5000) =>
      provider.capture({ key: `${orderId}:capture`, orderId, amount: eur(amount) })
    const end = (orderId: string) => provider.void({ key: `${orderId}:void`, orderId })
    const refund = (orderId: string, id: string, amount: number) =>
      provider.refund({ key: `${orderId}:refund:${id}`, orderId, amount: eur(amount) })
    const authorized = async (): Promise<string> => {
      const orderId = someId('ord')
      assert.deepEqual(await authorize(orderId), { status: 'authorized' })
      return orderId
    }
    const captured = async (amount?: number): Promise<string> => {
      const orderId = await authorized()
      await capture(orderId, amount)
      return orderId
    }
    /** A step that is done without our hearing of it, and repeated later; that may be more than once, as ours are. */
    const unheard = async <T>(step: Parameters<BothSides['loseAnswer']>[0], act: () => Promise<T>): Promise<T> => {
      const isLost = sides.loseAnswer(step)
      await Promise.allSettled([act()])
      assert.ok(isLost())
      sides.forgetKeys()
      return act()
    }

    test('sets the whole amount aside, and takes nothing', async () => {
      assert.deepEqual(await sides.held(await authorized()), { ...nothing, setAside: 5000 })
    })

    test('declines, says why, and sets nothing aside; asked again, it says the same', async () => {
      const orderId = someId('ord')
      const decision = await authorize(orderId, methods.declined)
      assert.equal(decision.status, 'declined')
      assert.ok(decision.status === 'declined' && decision.declineCode !== '')
      assert.deepEqual(await authorize(orderId, methods.declined), decision)
      assert.deepEqual(await sides.held(orderId), nothing)
    })

    test('declines a method that is none of its own', async () => {
      const decision = await authorize(someId('ord'), 'foreign_method')
      assert.equal(decision.status, 'declined')
    })

    test('waits for its payer where the bank wants to see them, and then has the amount', async () => {
      const orderId = someId('ord')
      assert.deepEqual(await authorize(orderId, methods.needsPayer), { status: 'action-required' })
      assert.deepEqual(await authorize(orderId, methods.needsPayer), { status: 'action-required' })
      assert.deepEqual(await sides.held(orderId), nothing)
      const answer = await sides.payerAgrees(orderId)
      for (const _ of [1, 2]) assert.deepEqual(await confirm(orderId, answer), { status: 'authorized' })
      assert.deepEqual(await sides.held(orderId), { ...nothing, setAside: 5000 })
    })

    test('what waits for its payer can be ended, and not be confirmed after that', async () => {
      const orderId = someId('ord')
      await authorize(orderId, methods.needsPayer)
      await end(orderId)
      assert.deepEqual(await confirm(orderId, await sides.payerAgrees(orderId)), { status: 'voided' })
      assert.deepEqual(await sides.held(orderId), nothing)
    })

    test('takes what was set aside, once however often the step comes', async () => {
      const orderId = await captured()
      await capture(orderId)
      assert.deepEqual(await sides.held(orderId), { ...nothing, captured: 5000 })
    })

    test('takes a part, and gives the rest back; no more can be taken, or given back, than that', async () => {
      const orderId = await captured(3000)
      assert.deepEqual(await sides.held(orderId), { ...nothing, captured: 3000 })
      await assert.rejects(refund(orderId, 'more', 3001))
      await refund(orderId, 'all', 3000)
      assert.deepEqual(await sides.held(orderId), { setAside: 0, captured: 3000, refunded: 3000 })
    })

    test('gives an authorization back, once or twice; nothing can be taken then', async () => {
      const orderId = await authorized()
      for (const _ of [1, 2]) await end(orderId)
      assert.deepEqual(await sides.held(orderId), nothing)
      await assert.rejects(capture(orderId))
      assert.deepEqual(await authorize(orderId), { status: 'voided' })
    })

    test('does not give back as an authorization what was taken', async () => {
      const orderId = await captured()
      await assert.rejects(end(orderId))
      assert.deepEqual(await sides.held(orderId), { ...nothing, captured: 5000 })
    })

    test('refunds in parts, each once however often it comes, and never more than was taken', async () => {
      const orderId = await captured()
      for (const _ of [1, 2]) await refund(orderId, 'one', 2000)
      await refund(orderId, 'other', 2000)
      assert.equal((await sides.held(orderId)).refunded, 4000)
      await assert.rejects(refund(orderId, 'third', 1001))
      await refund(orderId, 'last', 1000)
      assert.equal((await sides.held(orderId)).refunded, 5000)
    })

    test('a report that comes late, or twice, says how things stand', async () => {
      const orderId = someId('ord')
      assert.deepEqual(await authorize(orderId, methods.slow), { status: 'pending' })
      await sides.decides(orderId)
      const reports = [await sides.read(sides.report(orderId)), await sides.read(sides.report(orderId))]
      const ids = reports.map((report) => (report.type === 'decision' ? report.id : report.type))
      assert.equal(ids[0], ids[1])
      for (const report of reports) {
        assert.ok(report.type === 'decision' && report.orderId === orderId)
        assert.deepEqual(await report.decide(), { status: 'authorized' })
      }
      assert.deepEqual(await authorize(orderId, methods.slow), { status: 'authorized' })
      await capture(orderId)
      assert.deepEqual(await sides.held(orderId), { ...nothing, captured: 5000 })
    })

    test('a report that never comes: it is asked again, stays pending, and can be ended', async () => {
      const orderId = someId('ord')
      for (const _ of [1, 2, 3]) assert.deepEqual(await authorize(orderId, methods.slow), { status: 'pending' })
      await end(orderId)
      assert.deepEqual(await authorize(orderId, methods.slow), { status: 'voided' })
      assert.deepEqual(await sides.held(orderId), nothing)
    })

    test('believes no report that was altered, or that nobody has signed', async () => {
      const request = sides.report(await authorized())
      assert.deepEqual(await sides.read({ ...request, body: `${request.body} ` }), { type: 'unsigned' })
      assert.deepEqual(await sides.read({ ...request, headers: {} }), { type: 'unsigned' })
    })

    describe('an answer is lost after the effect, and the step repeated', () => {
      test('an authorization sets aside once', async () => {
        const orderId = someId('ord')
        assert.deepEqual(await unheard('authorize', () => authorize(orderId)), { status: 'authorized' })
        assert.deepEqual(await sides.held(orderId), { ...nothing, setAside: 5000 })
      })

      test('a capture takes once', async () => {
        const orderId = await authorized()
        await unheard('capture', () => capture(orderId))
        assert.deepEqual(await sides.held(orderId), { ...nothing, captured: 5000 })
      })

      test('a void ends', async () => {
        const orderId = await authorized()
        await unheard('void', () => end(orderId))
        assert.deepEqual(await sides.held(orderId), nothing)
      })

      test('a refund gives back once', async () => {
        const orderId = await captured()
        await unheard('refund', () => refund(orderId, 'one', 2000))
        assert.equal((await sides.held(orderId)).refunded, 2000)
      })
    })
  })
}
