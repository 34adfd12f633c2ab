/** What people of the simulation have in common: what is sold, where it goes, how it is paid, how long they wait. */
import type { RunContext } from '../world/run-context.ts'

export const skus = ['MUG', 'TEAPOT', 'SPOON'] as const
export type SoldSku = (typeof skus)[number]

/** Prices in minor units, the first one from the beginning; grams. A spoon's tax shows how cents are rounded. */
export const sold: Readonly<Record<SoldSku, { name: string; prices: readonly [number, ...number[]]; grams: number }>> =
  {
    MUG: { name: 'Mug', prices: [1_250, 1_300], grams: 400 },
    TEAPOT: { name: 'Teapot', prices: [3_990], grams: 1_900 },
    SPOON: { name: 'Spoon', prices: [7], grams: 30 },
  }

export const addresses = [
  { name: 'Ada', line1: 'Main Street 1', city: 'Bonn', postalCode: '53111', country: 'DE' },
  { name: 'Ada', line1: 'Main Street 1', city: 'Bonn', postalCode: '53111', country: 'DE' },
  { name: 'Ada', line1: 'Main Street 1', city: 'Wien', postalCode: '1010', country: 'AT' },
] as const

export const shippingMethods = ['standard', 'standard', 'express'] as const

export const methods = [
  'sandbox_ok',
  'sandbox_ok',
  'sandbox_ok',
  'sandbox_declined',
  'sandbox_action_required',
  'sandbox_slow',
  'sandbox_slow',
  'sandbox_flaky',
] as const

/** Milliseconds. */
export const moment = [0, 5, 60, 300, 1_000, 5_000, 60_000] as const

/** Milliseconds: around the deadline of an unconfirmed order, among others. */
export const longWait = [...moment, 14 * 60_000, 15 * 60_000, 16 * 60_000, 2 * 60 * 60_000] as const

/** For some orders, all that can be done about them is done at nearly the same moment. Milliseconds after their placing. */
export const rushMs = (run: RunContext, orderId: string): number | undefined =>
  run.chance(`${orderId} in a rush`) < 0.15
    ? run.pick(`the rush of ${orderId}`, [1_000, 2_000, 4_000, 4_000, 60_000])
    : undefined

/** With it, the payment provider and the carriers sign what they report. */
export const partnersSecret = 'whsec_c2VjcmV0IG9mIHBhcnRuZXJzIHNlY3Jl'
