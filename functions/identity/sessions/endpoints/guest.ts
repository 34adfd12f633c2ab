import { newId } from '../../../../shared/runtime/clock.ts'
import { serve } from '../../../../shared/runtime/serve.ts'
import * as parts from '../../parts.ts'
import { authEndpoints } from '../contract.ts'

export const handler = serve(authEndpoints.guest, { sessions: parts.sessions }, async function guest(_, { sessions }) {
  return { body: { tokens: await sessions.openForGuest(newId('gst')) } }
})
