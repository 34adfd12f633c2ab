/** Profiles: what they hold, how they begin, and what others see of them. Pure. */
import { defaultAvatarUrl, type PublicProfile, unknownProfile } from './procedures.ts'

export type Preferences = {
  /** BCP 47. */
  language: string
  /** ISO 4217: the one that prices are thought in; the shop sells in its own. */
  currency: string
  theme: 'system' | 'light' | 'dark'
  marketingConsent: boolean
  /** RFC 3339: when consent was last given or withdrawn, which the shop must be able to show (GDPR, Article 7). */
  marketingConsentAt?: string | undefined
  /** Whether friends may see what this person reviews and wishes for. */
  showsActivity: boolean
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

export const avatarUrlOf = (avatar: string | undefined): string =>
  avatar === undefined ? defaultAvatarUrl : `/avatars/${avatar}`

/** The profile that a new account has. Not yet written: version 0. */
export const opened = (userId: string, nickname: string | undefined, currency: string): Profile => ({
  userId,
  nickname: nickname ?? '',
  bio: '',
  preferences: { language: 'en', currency, theme: 'system', marketingConsent: false, showsActivity: false },
  version: 0,
  sequence: 0,
})

export const publicOf = ({ userId, nickname, avatar }: Profile): PublicProfile => ({
  userId,
  nickname,
  avatarUrl: avatarUrlOf(avatar),
})

/** How someone is shown whose profile is not there yet: as it will be. */
export const asNew = (userId: string, nickname = ''): PublicProfile => ({ ...unknownProfile(userId), nickname })
