/**
 * Answers as tests look into them, typed by the contracts: `body` where a request succeeded, `problem` where it did not.
 * Whoever looks at the other fails, and is told what came.
 */
import type { BodyOf, ProblemOf } from '../../shared/client/routes.ts'

export type Answer<E> = {
  readonly ok: boolean
  readonly status: number
  /** @throws WrongAnswer where there is a problem instead */
  readonly body: BodyOf<E>
  /** @throws WrongAnswer where there is none */
  readonly problem: ProblemOf<E>
}

/** The answer is not of the kind that was looked at. */
export class WrongAnswer extends Error {
  override readonly name = 'WrongAnswer'
}

/**
 * @param content the body as it came: of the contract's schema where `status` says success, else a problem document
 * @param more what else is known of the answer
 */
export const answerOf = <E, More extends object>(
  asked: string,
  status: number,
  content: unknown,
  more: More,
): Answer<E> & More => {
  const ok = status < 400
  const wrong = () => new WrongAnswer(`${asked} answered ${status} ${JSON.stringify(content)?.slice(0, 800)}`)
  const answer: Answer<E> = {
    ok,
    status,
    get body() {
      if (!ok) throw wrong()
      return content as BodyOf<E>
    },
    get problem() {
      if (ok) throw wrong()
      return content as ProblemOf<E>
    },
  }
  return Object.assign(answer, more)
}
