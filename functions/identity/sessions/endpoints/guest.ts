import type { NewId } from '../../../../shared/domain/ids.ts'
import { newId } from '../../../../shared/runtime/clock.ts'
import { type Handle, serve } from '../../../../shared/runtime/serve.ts'
import { authEndpoints } from '../contract.ts'
import { type Sessions, sessionDependencies } from '../tokens.ts'

export const guest =
  ({ sessions, newId }: { sessions: Sessions; newId: NewId }): Handle<typeof authEndpoints.guest> =>
  async () => ({ body: { tokens: await sessions.openForGuest(newId('gst')) } })

export const handler = serve(authEndpoints.guest, () => guest({ ...sessionDependencies(), newId }))
