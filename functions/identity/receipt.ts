/** The receipt of an erasure, as the API shows it. */
import type * as z from 'zod/mini'
import { type Erasure, isFinished } from './erasure.ts'
import type { Receipt } from './person-contract.ts'

const statusOf = (isDone: boolean) => (isDone ? 'erased' : 'erasing')

export const receiptOf = (erasure: Erasure): z.input<typeof Receipt> => ({
  id: erasure.id,
  status: statusOf(isFinished(erasure)),
  requestedAt: erasure.requestedAt,
  services: erasure.services.map(({ service, finishedAt }) => ({
    service,
    status: statusOf(finishedAt !== undefined),
    finishedAt,
  })),
})
