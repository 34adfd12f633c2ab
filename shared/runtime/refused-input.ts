import type { CommonProblem, InputError } from '../contract/problem.ts'

/** Input that a contract refuses. Caught by `serve`, which answers with a problem document. */
export class RefusedInput extends Error {
  override readonly name = 'RefusedInput'
  readonly code: CommonProblem
  readonly errors: readonly InputError[]
  /** Header fields that go with the answer, such as what would have been accepted. */
  readonly headers: Readonly<Record<string, string>>
  constructor(
    code: CommonProblem,
    detail: string,
    errors: readonly InputError[] = [],
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail)
    this.code = code
    this.errors = errors
    this.headers = headers
  }
}
