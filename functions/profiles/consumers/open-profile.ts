import { consume } from '../../../shared/runtime/consume.ts'
import { consumers } from '../contract.ts'
import { opened } from '../domain.ts'
import * as parts from '../parts.ts'

/** One profile per user: a second delivery, or one after the user was here or is gone, changes nothing. */
export const handler = consume(
  consumers.openProfile,
  { profiles: parts.profiles, currency: parts.currency },
  async function openProfile({ data: { userId, nickname } }, { profiles, currency }) {
    await profiles.insert(opened(userId, nickname, currency))
  },
)
