/** What people of the simulation have in common: what is sold, how it is paid, how long they wait. */

export const skus = ['MUG', 'TEAPOT'] as const

export const address = { name: 'Ada', line1: 'Main Street 1', city: 'Bonn', postalCode: '53111', country: 'DE' }

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

/** With it, the payment provider and the carriers sign what they report. */
export const partnersSecret = 'whsec_c2VjcmV0IG9mIHBhcnRuZXJzIHNlY3Jl'
