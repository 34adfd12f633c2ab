/** What may fail (the page of assurance lists it), by where it strikes. */

export const faultKinds = [
  // Any call of AWS
  'fails-before',
  'answer-lost',
  'acts-twice',
  'acts-again-later',
  'throttled',
  'conflict',
  'slow',
  'crash-before',
  'crash-after',
  'in-part',
  // The event path
  'late',
  'stands-still',
  'twice',
  'again',
  'checkpoint-lost',
  // Clients and the provider
  'request-lost',
  'asked-twice',
  'client-gives-up',
  'silent',
  'clock-skew',
] as const

export type FaultKind = (typeof faultKinds)[number]

/** Delays that also defeat every time-boxed guard of a platform. Milliseconds. */
export const longDelaysMs = [3_000, 45_000, 11 * 60_000, 61 * 60_000, 25 * 60 * 60_000] as const

/** The function is gone, before or after what it asked for has happened. */
export const crashes: readonly FaultKind[] = ['crash-before', 'crash-after']

/** What can befall a call that only reads. */
export const readFaults: readonly FaultKind[] = ['fails-before', 'throttled', 'slow', ...crashes]

/** What can befall one that writes one item, or sends one message. */
export const sendFaults: readonly FaultKind[] = [
  'fails-before',
  'answer-lost',
  'acts-twice',
  'throttled',
  'slow',
  ...crashes,
]
export const writeFaults: readonly FaultKind[] = [...sendFaults, 'conflict', 'acts-again-later']

/** What can befall one that takes many entries, each for itself. */
export const batchFaults: readonly FaultKind[] = [...sendFaults, 'in-part']
