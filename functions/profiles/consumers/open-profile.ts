import { newId, now } from '../../../shared/runtime/clock.ts'
import { type Consume, consume } from '../../../shared/runtime/consume.ts'
import { shopSettings } from '../../../shared/runtime/settings.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { consumers } from '../contract.ts'
import { opened } from '../domain.ts'
import { type ProfilesTable, profilesTable } from '../table.ts'

type Dependencies = { profiles: Pick<ProfilesTable, 'insert'>; currency: string }

/** One profile per user: a second delivery, or one after the user was here or is gone, changes nothing. */
export const openProfile =
  ({ profiles, currency }: Dependencies): Consume<typeof consumers.openProfile> =>
  async ({ data: { userId, nickname } }) => {
    await profiles.insert(opened(userId, nickname, currency))
  }

export const handler = consume(consumers.openProfile, () =>
  openProfile({ profiles: profilesTable({ table: openTable(), now, newId }), currency: shopSettings().currency }),
)
