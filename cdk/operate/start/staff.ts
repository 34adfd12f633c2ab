/** The local shop's staff account. No stack makes one: on AWS an operator invokes the same procedure once. */
import { createStaff } from '../../../functions/published/identity.ts'
import type { Cloud } from '../../local/cloud.ts'

/** For this machine only; the shop listens on 127.0.0.1. */
export const localStaff = { email: 'staff@example.com', password: 'let-me-run-the-shop' } as const

/**
 * Makes the staff account unless it is there.
 * @param prefix begins every deployed name: `shop-dev`
 * @throws Error with the function's own words when it fails or refuses
 */
export const ensureStaff = async (cloud: Pick<Cloud, 'invoke'>, prefix: string): Promise<void> => {
  // As every procedure is named; the module that knows the rule would load half of the SDK at each start.
  const name = `${prefix}-${createStaff.service}-${createStaff.name}`
  const answer = await cloud.invoke(name, { input: localStaff })
  if (answer.kind === 'throttled') throw new Error(`${name} is busy; the staff account was not made`)
  if (answer.functionError) throw new Error(`${name} failed: ${answer.payload.slice(0, 500)}`)
  const made = createStaff.output.parse(JSON.parse(answer.payload))
  if (made.outcome === 'refused') throw new Error(`the staff account was not made: ${made.detail}`)
}
