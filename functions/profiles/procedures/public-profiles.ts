import { provide } from '../../../shared/runtime/call.ts'
import * as published from '../../published/profiles.ts'
import { asNew, publicOf } from '../domain.ts'
import * as parts from '../parts.ts'

/** People whose registration has not arrived yet are asked for one by one: so many, the others are left out. */
const mostAskedFor = 5

/** Guests have accounts nowhere, and so no profile. */
const isUser = (userId: string): boolean => userId.startsWith('usr_')

export const handler = provide(
  published.publicProfiles,
  { profiles: parts.profiles, findUser: parts.findUserIfAnswered },
  async function publicProfiles(input, { profiles, findUser }) {
    const userIds = [...new Set(input.userIds.filter(isUser))]
    const known = userIds.length > 0 ? await profiles.list(userIds) : []
    const missing = userIds.filter((id) => !known.some(({ userId }) => userId === id)).slice(0, mostAskedFor)
    const found = await Promise.all(missing.map((userId) => findUser({ userId })))
    const unheardOf = found.flatMap(({ user }) => (user ? [asNew(user.id, user.nickname)] : []))
    return { profiles: [...known.map(publicOf), ...unheardOf] }
  },
)
