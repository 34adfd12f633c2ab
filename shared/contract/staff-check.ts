/**
 * Whether someone may work as staff right now. An access token says what was so when it was given; roles are taken, sessions end
 * and people are erased while it still lives. So every function that does more for staff asks, and remembers a yes for half
 * a minute (shared/runtime/staff-check.ts).
 */
import * as z from 'zod/mini'
import { type FunctionNeeds, type ProcedureDeclaration, procedure } from './endpoint.ts'
import { Id, UserId } from './schema.ts'

export const checkStaff = procedure({
  service: 'identity',
  name: 'check-staff',
  summary: 'Tell whether someone is staff at this moment, by a session that has not ended',
  input: z.strictObject({ userId: UserId, sessionId: z.optional(Id('fam')) }),
  output: z.strictObject({ isStaff: z.boolean() }),
  table: ['BatchGetItem'],
})

type Needs = FunctionNeeds & { caller?: string; forStaff?: boolean; staffCheck?: string }

/** Whether `serve` asks for this endpoint. */
export const checksStaff = (needs: Needs): boolean =>
  needs.staffCheck !== 'in-function' && (needs.caller === 'staff' || needs.forStaff === true)

/** All procedures that a function calls: those that it declares, and what its wrapper asks. */
export const callsOf = (needs: Needs): readonly ProcedureDeclaration[] => [
  ...(needs.calls ?? []),
  ...(checksStaff(needs) ? [checkStaff] : []),
]
