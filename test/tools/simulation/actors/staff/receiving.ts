/** Staff who take in what comes back: all of it, less than was announced, or nothing at all; two of them at once, at times. */

import type { Answer, Request } from '../../cloud/http.ts'
import type { RunContext } from '../../world/run-context.ts'
import { longWait } from '../fixtures.ts'

type AskAsStaff = (endpoint: string, name: string, request: Request) => Promise<Answer | undefined>
type Line = { sku: string; quantity: number }

/** @returns what staff do about a return that somebody has announced */
export const createReceiving =
  (run: RunContext, ask: AskAsStaff) =>
  async (shopper: string, returnId: string, announced: readonly Line[]): Promise<void> => {
    await run.sleep(run.pick(`goods of ${shopper} come back after`, longWait))
    const params = { returnId }
    if (run.chance(`goods of ${shopper} never come`) < 0.08) {
      await ask('orders/close-return', `staff close what ${shopper} never sent`, { params })
      return
    }
    const [first, ...others] = announced
    const fewer = first && (first.quantity > 1 ? [{ ...first, quantity: first.quantity - 1 }, ...others] : others)
    const isLess = fewer && fewer.length > 0 && run.chance(`less of ${shopper} comes`) < 0.25
    const request = { params, body: isLess ? { lines: fewer } : {} }
    await Promise.all([
      ask('orders/receive-return', `staff receive what ${shopper} sent back`, request),
      run.chance(`received twice ${shopper}`) < 0.2
        ? ask('orders/receive-return', `other staff receive what ${shopper} sent back`, { params, body: {} })
        : undefined,
    ])
  }
