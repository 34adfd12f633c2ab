/** The part of the contract that is about what friends do. */
import * as z from 'zod/mini'
import { consumer, endpoint, task } from '../../../shared/contract/endpoint.ts'
import { Id, Page, PageQuery, Sku, Text, Timestamp, UserId } from '../../../shared/contract/schema.ts'
import { PublicProfile, profileUpdated, publicProfiles } from '../../published/profiles.ts'
import { Rating, reviewPublished } from '../../published/reviews.ts'
import { wishlistItemAdded } from '../../published/wishlist.ts'

const review = {
  kind: z.literal('review'),
  reviewId: Id('rev'),
  productId: Id('prd'),
  rating: Rating,
  title: z.optional(Text(120)),
}
const wish = { kind: z.literal('wish'), sku: Sku }

const done = {
  /** The same for what is done again, such as wishing once more for the same. */
  id: z.string().check(z.maxLength(80)),
  actorId: UserId,
  at: Timestamp,
}

/** Something that someone did, as friends may see it. */
export const Activity = z.union([z.object({ ...done, ...review }), z.object({ ...done, ...wish })])
export type Activity = z.infer<typeof Activity>

const shown = { at: Timestamp, person: PublicProfile }

export const FeedEntry = z.union([z.strictObject({ ...shown, ...review }), z.strictObject({ ...shown, ...wish })])
export type FeedEntry = z.infer<typeof FeedEntry>

export const feedEndpoints = {
  readFeed: endpoint({
    method: 'GET',
    path: '/me/feed',
    caller: 'customer',
    summary: 'Read what my friends reviewed and wished for, as far as they show it, newest first; a page may be short',
    query: z.strictObject(PageQuery),
    success: { status: 200, body: Page(FeedEntry) },
    table: ['Query', 'BatchGetItem'],
    calls: [publicProfiles],
  }),
}

const notifying = { table: ['Query', 'PutItem', 'ConditionCheckItem'], defers: ['notify-friends'] } as const

export const feedConsumers = {
  recordVisibility: consumer({
    on: [profileUpdated],
    summary: 'Note since when friends may see what someone does, if they may',
    table: ['UpdateItem', 'ConditionCheckItem'],
  }),
  recordActivity: consumer({
    on: [reviewPublished, wishlistItemAdded],
    summary: 'Tell the first friends of someone what they did, and leave the others to the task',
    ...notifying,
  }),
}

export const feedTasks = {
  notifyFriends: task({
    message: z.object({
      activity: Activity,
      /** Where the last page of friends ended. */
      after: z.string().check(z.maxLength(100)),
    }),
    delaySeconds: 0,
    summary: 'Tell the next friends of someone what they did',
    ...notifying,
  }),
}
