/** Buyers who say what they think, change their minds, and take it back; people who report them; staff who hide and show. */

import type { Answer, Caller, Http } from '../../cloud/http.ts'
import type { RunContext } from '../../world/run-context.ts'
import type { Erasures } from '../erasures.ts'
import { longWait, moment } from '../fixtures.ts'
import { type Staff, staffCaller } from '../staff/staff.ts'

const stars = [1, 2, 3, 4, 5] as const

/** A goods' way to its buyer takes so long that one asks again. */
const maxTries = 6

/** @returns what a buyer does once the goods may be there */
export const createReviewer = (run: RunContext, http: Http, staff: Staff, erasures: Erasures) => {
  const write = (me: Caller, name: string, key: string): Promise<Answer | undefined> =>
    http.ask('reviews/write-review', `${name} writes ${key}`, {
      caller: me,
      params: { productId: staff.productId() },
      headers: { 'idempotency-key': key },
      body: { rating: run.pick(`stars of ${name} ${key}`, stars), text: 'Holds tea.' },
    })

  /** Q1: one buyer has one review, by whichever key; and who was told of it can read it. */
  const writeOnce = async (me: Caller, name: string, tries: number): Promise<string | undefined> => {
    const twin = run.chance(`${name} writes twice ${tries}`) < 0.3
    const answers = await Promise.all([
      write(me, name, `review-${tries}`),
      twin ? write(me, name, `another-review-${tries}`) : undefined,
    ])
    const ids = new Set(answers.flatMap((answer) => (answer?.status === 201 ? [String(answer.body.id)] : [])))
    if (ids.size > 1 && !erasures.asked.has(me.sub))
      run.violate('R2', `${name} was told of ${[...ids].join(' and ')} for one product`)
    const [id] = ids
    if (id === undefined) return undefined
    const read = await http.ask('reviews/read-review', `${name} reads`, { caller: me, params: { reviewId: id } })
    if (read && read.status !== 200 && !erasures.asked.has(me.sub))
      run.violate('Q1', `${name} was told of ${id}, which reads ${read.status}`)
    return id
  }

  const afterwards = async (me: Caller, name: string, reviewId: string): Promise<void> => {
    const params = { reviewId }
    const wish = (action: string, probability: number) => run.chance(`${name} will ${action}`) < probability
    const later = async (action: string, endpoint: string, caller: Caller, body?: object): Promise<void> => {
      await run.sleep(run.pick(`${name}: ${action} after`, moment))
      await http.ask(endpoint, `${name}: ${action}`, { caller, params, ...(body ? { body } : {}) })
    }
    const rating = (action: string) => ({ rating: run.pick(`stars of ${name} ${action}`, stars) })
    await Promise.all([
      wish('edit', 0.6) ? later('edit', 'reviews/edit-review', me, rating('edit')) : undefined,
      wish('edit again', 0.3) ? later('edit again', 'reviews/edit-review', me, rating('edit again')) : undefined,
      wish('be reported', 0.2)
        ? later('report', 'reviews/report-review', staffCaller, { reason: 'spam' }).then(() =>
            later('look at reports', 'reviews/list-reported-reviews', staffCaller),
          )
        : undefined,
      wish('be hidden', 0.4) ? later('hide', 'reviews/hide-review', staffCaller) : undefined,
      wish('be shown', 0.4) ? later('show', 'reviews/unhide-review', staffCaller) : undefined,
      wish('take back', 0.2) ? later('take back', 'reviews/delete-review', me) : undefined,
    ])
    if (wish('look at all', 0.2)) {
      const request = { params: { productId: staff.productId() }, query: { sort: 'highest' } }
      await http.ask('reviews/list-reviews', `${name} looks at all`, request)
      await http.ask('reviews/list-my-reviews', `${name} looks at theirs`, { caller: me })
    }
  }

  return async (me: Caller, name: string): Promise<void> => {
    for (let tries = 1; tries <= maxTries; tries += 1) {
      await run.sleep(run.pick(`${name} reviews after ${tries}`, longWait))
      const reviewId = await writeOnce(me, name, tries)
      if (reviewId === undefined) continue
      await afterwards(me, name, reviewId)
      // Who has taken it back may write again.
      if (run.chance(`${name} writes anew`) < 0.3) await writeOnce(me, name, maxTries + 1)
      return
    }
  }
}
