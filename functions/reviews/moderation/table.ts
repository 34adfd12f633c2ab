/**
 * | item or index | pk | sk |
 * |---|---|---|
 * | that someone has reported a review, kept a year | `review#<reviewId>` | `report#<hash of reviewId and userId>` |
 * | the reports of a review that nobody has looked into, counted | `review#<reviewId>` | `reports` |
 * | gsi3: the same, the longest waiting first | `reported` | `<since>#<reviewId>` |
 *
 * Who reported is kept as a hash: enough to count everybody once, and nothing that would have to be told or erased.
 */
import { createHash } from 'node:crypto'
import * as z from 'zod/mini'
import { isoTime, now } from '../../../shared/runtime/clock.ts'
import { type Item, notThere, type Table } from '../../../shared/runtime/table.ts'
import { ReportReason } from '../contract.ts'

const keptSeconds = 365 * 24 * 60 * 60

const StoredTally = z.looseObject({ reviewId: z.string(), count: z.int(), since: z.string() })

export type Tally = {
  reviewId: string
  count: number
  reasons: Partial<Record<ReportReason, number>>
  /** RFC 3339: when the first of them came. */
  since: string
}

export const tallyKeyOf = (reviewId: string) => ({ pk: `review#${reviewId}`, sk: 'reports' })

const reportKeyOf = (reviewId: string, userId: string) => ({
  pk: `review#${reviewId}`,
  sk: `report#${createHash('sha256').update(`${reviewId} ${userId}`).digest('base64url')}`,
})

const attributeOf = (reason: ReportReason): string => `reason_${reason.replaceAll('-', '_')}`

const tallyOf = (item: Item): Tally => {
  const { reviewId, count, since, ...rest } = StoredTally.parse(item)
  const reasons = ReportReason.options.flatMap((reason): [ReportReason, number][] => {
    const times = Number(rest[attributeOf(reason)] ?? 0)
    return times > 0 ? [[reason, times]] : []
  })
  return { reviewId, count, reasons: Object.fromEntries(reasons), since }
}

export const reportedPartition = { gsi3pk: 'reported' } as const

export const reportsTable = (table: Table) => ({
  /** @returns `known` when they have reported it before, `unknown` when there is no such review to be seen */
  async add(reviewId: string, userId: string, reason: ReportReason): Promise<'reported' | 'known' | 'unknown'> {
    const at = isoTime(now())
    const expiresAt = Math.floor(now() / 1000) + keptSeconds
    const clauses = ['count', attributeOf(reason)].map((name) => `#${name} = if_not_exists(#${name}, :zero) + :one`)
    const written = await table.write([
      {
        check: { pk: `review#${reviewId}`, sk: 'review' },
        when: { expression: '#hidden = :false', values: { ':false': false } },
        else: 'unknown',
      },
      { put: { ...reportKeyOf(reviewId, userId), reason, at, expiresAt }, when: notThere, else: 'known' },
      {
        update: tallyKeyOf(reviewId),
        set: {
          expression: `SET ${clauses.join(', ')}, #reviewId = :reviewId, #gsi3pk = :reported, #since = if_not_exists(#since, :at), #gsi3sk = if_not_exists(#gsi3sk, :place)`,
          values: {
            ':zero': 0,
            ':one': 1,
            ':reviewId': reviewId,
            ':reported': reportedPartition.gsi3pk,
            ':at': at,
            ':place': `${at}#${reviewId}`,
          },
        },
      },
    ])
    return written.ok ? 'reported' : written.failed
  },

  /** Takes a review's reports off the list: somebody has looked into them. */
  async settle(reviewId: string): Promise<void> {
    await table.write([{ delete: tallyKeyOf(reviewId) }])
  },

  async list(limit: number, startKey: Item | undefined) {
    const page = await table.query({ index: 'gsi3', pk: reportedPartition.gsi3pk, limit, startKey })
    return { tallies: page.items.map(tallyOf), lastKey: page.lastKey }
  },
})

export type ReportsTable = ReturnType<typeof reportsTable>
