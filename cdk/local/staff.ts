/** The local shop's staff account. No stack makes one: on AWS an operator invokes the same procedure once. */
import * as z from 'zod/mini'
import { functionNameOf } from '../../shared/runtime/call.ts'
import type { Cloud } from './cloud.ts'

/** For this machine only; the shop listens on 127.0.0.1. */
export const localStaff = { email: 'staff@example.com', password: 'let-me-run-the-shop' } as const

/**
 * Makes the staff account unless it is there.
 * @param prefix begins every deployed name: `shop-dev`
 * @throws Error with the function's own words when it fails
 */
export const ensureStaff = async (cloud: Pick<Cloud, 'invoke'>, prefix: string): Promise<{ created: boolean }> => {
  const name = functionNameOf(prefix, { service: 'identity', name: 'create-staff' })
  const answer = await cloud.invoke(name, { input: localStaff })
  if (answer.kind === 'throttled') throw new Error(`${name} is busy; the staff account was not made`)
  if (answer.functionError) throw new Error(`${name} failed: ${answer.payload.slice(0, 500)}`)
  return z.object({ created: z.boolean() }).parse(JSON.parse(answer.payload))
}
