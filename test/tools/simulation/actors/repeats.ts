/**
 * Q1: people who ask again hours and days later with the same key are told what they were told first. Keys are kept for 48
 * hours, and clocks of instances differ.
 */
import type { Answer, Http, Request } from '../cloud/http.ts'
import type { RunContext } from '../world/run-context.ts'

const hour = 60 * 60_000
const laterMs = [11 * 60_000, 61 * 60_000, 25 * hour, 47 * hour] as const
const howOften = 0.05

/** What these make may be gone, by its author's wish or with the person that it is about: then there is nothing to show again. */
const mayBeDeleted: ReadonlySet<string> = new Set(['reviews/write-review', 'orders/add-note'])

/** Done just now: from an answer that is a repetition itself it is not known how long ago the first one was. */
const isDone = (answer: Answer | undefined): answer is Answer =>
  answer !== undefined && answer.status < 300 && answer.headers['idempotent-replayed'] !== 'true'

/** What of an answer stays the same, though the object that it shows may have changed. */
const nameOf = ({ status, headers, body }: Answer): string => `${status} ${headers.location ?? ''} ${body?.id ?? ''}`

/** @param isGone whether what was somebody's may be gone @returns a client that sometimes asks again much later */
export const withRepeats = (run: RunContext, http: Http, isGone: (sub: string) => boolean): Http => {
  const repeat = async (endpoint: string, name: string, request: Request, first: Answer): Promise<void> => {
    await run.sleep(run.pick(`${name} repeats after`, laterMs))
    const again = await http.ask(endpoint, `${name} much later`, request)
    if (!again || again.status >= 500 || again.body?.code === 'IN_FLIGHT') return
    if (isGone(request.caller?.sub ?? '') || (mayBeDeleted.has(endpoint) && again.status === 404)) return
    if (again.headers['idempotent-replayed'] !== 'true' || nameOf(again) !== nameOf(first))
      run.violate('Q1', `${name} was told ${nameOf(first)} at ${endpoint}, and later ${nameOf(again)}`)
  }
  return {
    once: http.once,
    async ask(endpoint, name, request) {
      const answer = await http.ask(endpoint, name, request)
      const isKeyed = request.headers?.['idempotency-key'] !== undefined
      if (isKeyed && isDone(answer) && run.chance(`${name} repeats much later`) < howOften)
        repeat(endpoint, name, request, answer).catch((error: unknown) => run.violate('simulation', String(error)))
      return answer
    },
  }
}
