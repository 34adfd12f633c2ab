import * as z from 'zod/mini'
import { consumer, endpoint, service } from '../../shared/contract/endpoint.ts'
import { Id, Page, PageQuery, Text, Timestamp, UserId, Version } from '../../shared/contract/schema.ts'
import { userErasureRequested } from '../published/identity.ts'
import { PublicProfile, publicProfiles } from '../published/profiles.ts'
import { exportPerson, personErased, productRated, Rating, reviewPublished } from '../published/reviews.ts'
import { shipmentDelivered } from '../published/shipping.ts'

const ReviewId = Id('rev')
const ProductId = Id('prd')

export const Review = z.strictObject({
  id: ReviewId,
  productId: ProductId,
  authorId: UserId,
  rating: Rating,
  title: z.optional(z.string()),
  text: z.optional(z.string()),
  /** Only its author and staff see it, and it does not count. */
  hidden: z.boolean(),
  createdAt: Timestamp,
  editedAt: z.optional(Timestamp),
  version: Version,
})

const count = z.int().check(z.minimum(0))

/** What all buyers together think of a product, as far as anyone can see it. */
export const RatingSummary = z.strictObject({
  count,
  /** Two decimals; null where nobody has rated it. */
  average: z.nullable(z.number()),
  /** Reviews with so many stars. */
  stars: z.strictObject({ 1: count, 2: count, 3: count, 4: count, 5: count }),
})

/** Why someone thinks that a review should not be shown. */
export const ReportReason = z.enum(['spam', 'offensive', 'off-topic', 'untrue', 'other'])
export type ReportReason = z.infer<typeof ReportReason>

export const ReportedReview = z.strictObject({
  review: Review,
  reports: z.strictObject({
    count,
    /** Only the reasons that were given. */
    reasons: z.partialRecord(ReportReason, count),
    /** When the first of them came. */
    since: Timestamp,
  }),
})

const title = Text(120)
const text = Text(5_000)
const productPath = z.strictObject({ productId: ProductId })
const reviewPath = z.strictObject({ reviewId: ReviewId })

export const endpoints = {
  listReviews: endpoint({
    method: 'GET',
    path: '/products/{productId}/reviews',
    caller: 'anyone',
    summary: 'List what buyers say of a product, newest first or by stars, and what they think all together',
    params: productPath,
    query: z.strictObject({ ...PageQuery, sort: z.optional(z.enum(['newest', 'highest', 'lowest'])) }),
    success: {
      status: 200,
      body: z.extend(Page(z.extend(Review, { author: PublicProfile })), { rating: RatingSummary }),
    },
    table: ['Query', 'GetItem'],
    calls: [publicProfiles],
  }),
  writeReview: endpoint({
    method: 'POST',
    path: '/products/{productId}/reviews',
    caller: 'shopper',
    idempotency: 'honoured',
    summary: 'Review a product that I bought and that has arrived; each buyer has one review of it',
    params: productPath,
    body: z.strictObject({ rating: Rating, title: z.optional(title), text: z.optional(text) }),
    success: { status: 201, body: Review },
    problems: { NOT_A_BUYER: 403, ALREADY_REVIEWED: 409 },
    table: ['GetItem', 'PutItem', 'UpdateItem', 'ConditionCheckItem'],
  }),
  listMyReviews: endpoint({
    method: 'GET',
    path: '/me/reviews',
    caller: 'shopper',
    summary: 'List my reviews, by product, hidden ones too',
    query: z.strictObject(PageQuery),
    success: { status: 200, body: Page(Review) },
    table: ['Query', 'BatchGetItem'],
  }),
  readReview: endpoint({
    method: 'GET',
    path: '/reviews/{reviewId}',
    caller: 'shopper',
    forStaff: true,
    summary: 'Read a review; a hidden one only its author and staff',
    params: reviewPath,
    success: { status: 200, body: Review },
    table: ['GetItem'],
  }),
  editReview: endpoint({
    method: 'PATCH',
    path: '/reviews/{reviewId}',
    caller: 'shopper',
    summary: 'Change my review; null takes a title or text away, what is left out stays',
    params: reviewPath,
    body: z.strictObject({
      rating: z.optional(Rating),
      title: z.optional(z.nullable(title)),
      text: z.optional(z.nullable(text)),
    }),
    success: { status: 200, body: Review },
    table: ['GetItem', 'PutItem', 'UpdateItem'],
  }),
  deleteReview: endpoint({
    method: 'DELETE',
    path: '/reviews/{reviewId}',
    caller: 'shopper',
    summary: 'Take my review back; another can be written unless staff had hidden it',
    params: reviewPath,
    success: { status: 204 },
    table: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'],
  }),
  reportReview: endpoint({
    method: 'POST',
    path: '/reviews/{reviewId}/report',
    caller: 'shopper',
    summary: 'Tell staff that a review should not be shown; the first report of each person counts',
    params: reviewPath,
    body: z.strictObject({ reason: ReportReason }),
    success: { status: 204 },
    table: ['PutItem', 'UpdateItem', 'ConditionCheckItem'],
  }),
  listReportedReviews: endpoint({
    method: 'GET',
    path: '/review-reports',
    caller: 'staff',
    summary: 'List reviews with reports that nobody has looked into, the longest waiting first',
    query: z.strictObject(PageQuery),
    success: { status: 200, body: Page(ReportedReview) },
    table: ['Query', 'BatchGetItem'],
  }),
  hideReview: endpoint({
    method: 'POST',
    path: '/reviews/{reviewId}/hide',
    caller: 'staff',
    summary: 'Show a review to its author only, and count it no more; its reports are settled',
    params: reviewPath,
    success: { status: 200, body: Review },
    table: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'],
  }),
  unhideReview: endpoint({
    method: 'POST',
    path: '/reviews/{reviewId}/unhide',
    caller: 'staff',
    summary: 'Show a review again, or leave it shown; its reports are settled',
    params: reviewPath,
    success: { status: 200, body: Review },
    table: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'],
  }),
}

export const consumers = {
  recordDelivery: consumer({
    on: [shipmentDelivered],
    summary: 'Note which products someone has bought and received: from then on they can be reviewed',
    table: ['GetItem', 'PutItem'],
  }),
  erasePerson: consumer({
    on: [userErasureRequested],
    summary: "Delete a person's reviews, whose stars no longer count, and what they bought",
    table: ['Query', 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'],
  }),
}

export const procedures = { exportPerson }
export const events = { reviewPublished, productRated, personErased }

export const reviews = service({
  name: 'reviews',
  summary: 'what buyers say of products, and what they think all together',
  personalData: { held: 'reviews, and which products someone has bought and received' },
  table: { indexes: 3 },
  endpoints,
  procedures,
  consumers,
  events,
})
