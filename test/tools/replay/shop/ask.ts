/** Requests that must be answered in one of a few ways, and waiting for what the shop finishes by itself. */
import { setTimeout as sleep } from 'node:timers/promises'
import type * as z from 'zod/mini'
import {
  answerLine,
  type ShopAnswer,
  type ShopApi,
  type ShopRequest,
} from '../../../../cdk/operate/command-line/shop-api.ts'
import type { Session } from './session.ts'

/** The shop answered something else than was asked for. */
export class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer'
  readonly status: number
  /** The problem's code, where the answer is a problem document. */
  readonly code: string
  constructor(method: string, path: string, answer: ShopAnswer) {
    super(answerLine(method, path, answer))
    this.status = answer.status
    this.code = codeOf(answer)
  }
}

/** The stable code of a problem document; the status of any other answer. */
export const codeOf = ({ status, body }: ShopAnswer): string =>
  typeof body === 'object' && body !== null && 'code' in body ? String(body.code) : `HTTP ${status}`

export type Ask = (
  method: string,
  path: string,
  request?: Omit<ShopRequest, 'token'> & { as?: Session },
) => Promise<ShopAnswer>

export const askOf =
  (api: ShopApi): Ask =>
  async (method, path, { as, ...request } = {}) =>
    api.request(method, path, { ...request, token: await as?.token() })

/** @throws UnexpectedAnswer for any other status; ZodError when the body is not as promised */
export const expected = <S extends z.ZodMiniType>(
  schema: S,
  status: number,
  method: string,
  path: string,
  answer: ShopAnswer,
): z.output<S> => {
  if (answer.status !== status) throw new UnexpectedAnswer(method, path, answer)
  return schema.parse(answer.body)
}

/** How long an asynchronous step may take before it counts as stuck. */
export const patienceMs = 60_000

/**
 * Asks again at growing intervals until there is something.
 * @throws Error that says what never came about
 */
export const until = async <T>(what: string, check: () => Promise<T | undefined>): Promise<T> => {
  const endMs = Date.now() + patienceMs
  for (let pauseMs = 20; Date.now() < endMs; pauseMs = Math.min(500, pauseMs * 1.5)) {
    const found = await check()
    if (found !== undefined) return found
    await sleep(pauseMs)
  }
  throw new Error(`${what} did not come about within ${patienceMs / 1000} s`)
}
