/** What the simulation printed last, and what it has found so far. Copied by hand when either changes. */

export const figures = {
  date: '2026-11-21',
  model: { runs: 20_083, aimed: 83, faults: 403_709, broken: 0, sitesCrashed: 351, sites: 351 },
  engine: { runs: 200, faults: 4_324, broken: 0 },
} as const

/** What went wrong, what holds since, and the test that shows it. */
export const findings: readonly (readonly [wrong: string, now: string, test: string])[] = [
  [
    'Goods were sent for an order that was being cancelled at the same moment: booked out, and not paid for.',
    'The shipment alone decides between sent and stopped; a confirmed order is cancelled by its stopped shipment.',
    'shipping: “dispatched and stopped at once, it is one of both”; orders: “the shipment of a confirmed order is stopped first”',
  ],
  [
    'The same race, heard of in the other order: stock was released, and the message that goods had left died in its queue.',
    'The same.',
    'orders: “a stop whose cancellation was cut short is carried on by its event, once”',
  ],
  [
    'A capture acted at the provider, its answer was lost, the order was cancelled: the void was refused for ever.',
    'A capture that was wished for before the cancellation is repeated by its key, and then given back whole.',
    'payments: “a capture that may have happened unknown to us is made certain, and then given back whole”',
  ],
  [
    'The provider reported on a cancelled payment, the function ended before its void: our books said authorized for ever.',
    'A cancelled payment that the provider has not decided is ended there at once.',
    'payments: “an authorization that is still under way is ended at the provider”',
  ],
  [
    'A refund was promised, the function ended, nobody asked again: it waited for a sweep.',
    'The promise is an event in the same write; whoever hears it keeps it.',
    'payments: “does what a request promised that ended half-way”',
  ],
]

/** Bug, runs needed, invariant broken, shoppers and faults left in the story. */
export const sabotagesFound: readonly (readonly [string, number, string, number, number])[] = [
  ['reservation-without-condition', 1, 'S1', 2, 0],
  ['consumer-without-deduplication', 196, 'S2', 1, 1],
  ['outbox-in-a-second-write', 1, 'O3', 1, 0],
  ['failed-entry-count-ignored', 24, 'E1', 1, 1],
  ['capture-without-idempotency-key', 254, 'E1', 2, 0],
  ['compensation-refunds-another-attempt', 188, 'M2', 1, 0],
  ['expiry-trusted-to-ttl', 9, 'O4', 1, 0],
  ['lines-of-one-stock-item-checked-apart', 2, 'E1', 1, 0],
  ['cancellation-ignores-a-running-authorization', 37, 'M2', 1, 0],
  ['idempotency-key-after-the-effect', 1, 'O1', 1, 0],
  ['batch-failures-not-reported', 1, 'E2', 1, 1],
  ['consumer-does-not-wait-for-its-write', 22, 'O2', 1, 1],
  ['order-written-without-its-version', 10, 'E3', 2, 0],
  ['payment-written-without-its-version', 13, 'E3', 1, 0],
  ['cancellation-leaves-no-mark-for-a-late-authorization', 136, 'M2', 1, 0],
  ['refund-not-bounded-by-those-promised', 204, 'E1', 1, 0],
  ['capture-before-its-wish-is-written', 556, 'E1', 1, 0],
  ['ledger-booked-on-one-side', 1, 'M3', 1, 0],
  ['shipment-sent-though-stopped', 1, 'E1', 1, 0],
  ['confirmed-order-cancelled-without-asking-shipping', 16, 'S3', 1, 0],
  ['sale-missing-in-the-history', 1, 'S2', 1, 0],
  ['shipping-forgotten-in-the-total', 1, 'M4', 1, 0],
  ['deadline-forgotten', 108, 'O2', 1, 0],
  ['stock-moved-before-its-reservation', 11, 'E1', 1, 1],
  ['rating-in-a-second-write', 15, 'R1', 1, 0],
  ['review-in-no-place-of-its-own', 15, 'R2', 1, 0],
  ['older-rating-shown', 413, 'E2', 1, 0],
  ['older-stock-shown', 1, 'E2', 1, 0],
  ['sold-out-not-said-in-lists', 1, 'E2', 1, 0],
  ['follower-counted-without-its-condition', 16, 'E3', 1, 0],
  ['friends-marked-without-looking-again', 163, 'F2', 1, 0],
  ['follow-counted-though-erased', 63, 'F1', 1, 0],
  ['erasure-that-keeps-the-address', 3, 'P1', 1, 0],
  ['sold-out-marked-in-a-second-write', 11, 'E2', 1, 1],
  ['release-not-told-to-the-catalogue', 4, 'E2', 1, 0],
  ['decision-written-without-its-stock', 1, 'S2', 1, 0],
  ['journal-begun-anew', 1, 'M3', 1, 0],
  ['refund-of-a-cancellation-left-out-of-the-journal', 75, 'M3', 1, 0],
]
