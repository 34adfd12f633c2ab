/** The fields of a profile, as their owner reads and writes them. */
import * as z from 'zod/mini'
import { Currency, Line, Text, Timestamp, UserId, Version } from '../../shared/contract/schema.ts'

/** Empty where none is wished for. One line: it stands among others' words. */
export const Nickname = Line(40, 0)
export const Bio = Text(500, 0)

/** BCP 47: language, and script and region where they matter (`de`, `pt-BR`, `zh-Hant-TW`). */
const Language = z
  .string()
  .check(
    z.maxLength(11),
    z.regex(
      /^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$/,
      'Must be a language tag of BCP 47, such as de or pt-BR.',
    ),
  )

/** What its owner says of how the shop should be for them. */
export const Wishes = {
  language: Language,
  currency: Currency,
  theme: z.enum(['system', 'light', 'dark']),
  marketingConsent: z.boolean(),
  showsActivity: z.boolean(),
}

export const Profile = z.strictObject({
  userId: UserId,
  nickname: Nickname,
  bio: Bio,
  avatarUrl: z.string(),
  preferences: z.strictObject({
    ...Wishes,
    /** When consent was last given or withdrawn. */
    marketingConsentAt: z.optional(Timestamp),
    /** Since when friends may see what they do; absent while they may not. */
    showsActivitySince: z.optional(Timestamp),
  }),
  version: Version,
})
