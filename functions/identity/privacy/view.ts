/** The receipt of an erasure, as the API shows it. */
import type * as z from 'zod/mini'
import type { Receipt } from './contract.ts'
import { type Erasure, isFinished } from './domain.ts'

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
