/** Profiles: what they hold, how they begin and change, and what others see of them. Pure. */
import { defaultAvatarUrl, type PublicProfile, unknownProfile } from '../published/profiles.ts'

export type Preferences = {
  /** BCP 47. */
  language: string
  /** ISO 4217: the one that its owner thinks in; the shop sells in its own. */
  currency: string
  theme: 'system' | 'light' | 'dark'
  marketingConsent: boolean
  /** RFC 3339: when consent was last given or withdrawn, which a shop must be able to show (GDPR, Article 7). */
  marketingConsentAt?: string | undefined
  /** Whether friends may see what this person reviews and wishes for. */
  showsActivity: boolean
  /** RFC 3339: since when; absent while it is hidden, and where that was not written down. */
  showsActivitySince?: string | undefined
}

export type Profile = {
  userId: string
  /** Empty where none was chosen. */
  nickname: string
  bio: string
  /** The picture's name in the store. */
  avatar?: string | undefined
  preferences: Preferences
  version: number
  sequence: number
}

/** What its owner may change. `marketingConsentAt` and `showsActivitySince` follow from what they choose. */
export type ProfileChange = {
  nickname?: string | undefined
  bio?: string | undefined
  preferences?:
    | { [K in Exclude<keyof Preferences, 'marketingConsentAt' | 'showsActivitySince'>]?: Preferences[K] | undefined }
    | undefined
}

export const avatarUrlOf = (avatar: string | undefined): string =>
  avatar === undefined ? defaultAvatarUrl : `/avatars/${avatar}`

/** Line breaks, other control characters, and marks that turn the direction of what is written around a name. */
const unfit = /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]+/gu

/** A name given at registration, as it can stand on one line among others' words. */
const onOneLine = (nickname = ''): string => nickname.replace(unfit, ' ').trim()

/** The profile that a new account has. Not yet written: version 0. @param currency the shop's */
export const opened = (userId: string, nickname: string | undefined, currency: string): Profile => ({
  userId,
  nickname: onOneLine(nickname),
  bio: '',
  preferences: { language: 'en', currency, theme: 'system', marketingConsent: false, showsActivity: false },
  version: 0,
  sequence: 0,
})

/** Shown anew after it was hidden, it is shown since then only. */
const visibilityAfter = ({ showsActivity, showsActivitySince }: Preferences, shows: boolean, at: string) => {
  const since = shows && !showsActivity ? at : showsActivitySince
  return { showsActivity: shows, showsActivitySince: shows ? since : undefined }
}

/** @param at RFC 3339 @returns the very same profile when nothing is different */
export const changed = (profile: Profile, change: ProfileChange, at: string): Profile => {
  const before = profile.preferences
  const wished = change.preferences ?? {}
  const marketingConsent = wished.marketingConsent ?? before.marketingConsent
  const after = {
    ...profile,
    nickname: change.nickname ?? profile.nickname,
    bio: change.bio ?? profile.bio,
    preferences: {
      ...before,
      language: wished.language ?? before.language,
      currency: wished.currency ?? before.currency,
      theme: wished.theme ?? before.theme,
      ...visibilityAfter(before, wished.showsActivity ?? before.showsActivity, at),
      marketingConsent,
      ...(marketingConsent === before.marketingConsent ? {} : { marketingConsentAt: at }),
    },
  }
  return JSON.stringify(after) === JSON.stringify(profile) ? profile : after
}

export const publicOf = ({ userId, nickname, avatar }: Profile): PublicProfile => ({
  userId,
  nickname,
  avatarUrl: avatarUrlOf(avatar),
})

/** What the event says of a person. */
export const shownOf = (profile: Profile) => {
  const { showsActivity, showsActivitySince } = profile.preferences
  return { ...publicOf(profile), showsActivity, ...(showsActivitySince === undefined ? {} : { showsActivitySince }) }
}

/** How someone is shown whose profile is not there yet: as it will be. */
export const asNew = (userId: string, nickname?: string): PublicProfile => ({
  ...unknownProfile(userId),
  nickname: onOneLine(nickname),
})
