import { isoTime, type Now, newId, now } from '../../../shared/runtime/clock.ts'
import { fact } from '../../../shared/runtime/outbox.ts'
import { repeated } from '../../../shared/runtime/repeated.ts'
import { type Handle, serve } from '../../../shared/runtime/serve.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { userUnfollowed } from '../../published/relations.ts'
import { endpoints } from '../contract.ts'
import { unfollowed } from '../domain.ts'
import { type RelationsTable, relationsTable } from '../table.ts'

type Dependencies = { relations: Pick<RelationsTable, 'getPair' | 'change'>; now: Now }

/** Afterwards I do not follow them, whether I did before, and whether they exist or not. */
export const unfollowUser =
  ({ relations, now }: Dependencies): Handle<typeof endpoints.unfollowUser> =>
  async ({ params: { userId }, caller }) => {
    await repeated(async () => {
      const before = await relations.getPair(caller.id, userId)
      const after = unfollowed(before, isoTime(now()))
      if (!after) return 'done'
      const facts = [fact(userUnfollowed, { followerId: caller.id, followedId: userId })]
      const written = await relations.change(before, after, facts)
      return written === 'lost' ? undefined : 'done'
    })
    return { body: undefined }
  }

export const handler = serve(endpoints.unfollowUser, () =>
  unfollowUser({ relations: relationsTable({ table: openTable(), now, newId }), now }),
)
