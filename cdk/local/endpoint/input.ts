/** Reads what a call was given, by what the local cloud knows of its operation. Nothing that a caller says is passed over. */
import type * as z from 'zod/mini'
import { safeParse } from 'zod/mini'
import { AwsError } from './aws-error.ts'

/** What a service's API calls these mistakes. */
export type InputErrors = { invalid: string; missing: string }

type Issue = z.core.$ZodIssue

const nameOf = (path: readonly PropertyKey[]): string => path.map(String).join('.')

const boundOf = (issue: Issue): string => {
  switch (issue.code) {
    case 'invalid_value':
      return `must be ${issue.values.join(' or ')} in the local cloud`
    case 'too_small':
      return `must be at least ${issue.minimum}`
    case 'too_big':
      return `must be at most ${issue.maximum}`
    default:
      return 'has a value that the local cloud does not know'
  }
}

const errorOf = (issues: readonly Issue[], { invalid, missing }: InputErrors): AwsError => {
  const unknown = issues.find((one) => one.code === 'unrecognized_keys')
  if (unknown !== undefined) {
    const name = nameOf([...unknown.path, unknown.keys[0] ?? ''])
    return new AwsError(invalid, `The local cloud does not know the parameter ${name}.`)
  }
  const [issue] = issues
  if (issue === undefined) return new AwsError(invalid, 'The request is not valid.')
  const name = nameOf(issue.path)
  // An empty text counts as none.
  if (issue.input === undefined || issue.input === '')
    return new AwsError(missing, `The request must contain the parameter ${name}.`)
  if (issue.code === 'invalid_type')
    return new AwsError('SerializationException', `The parameter ${name} must be of type ${issue.expected}.`)
  return new AwsError(invalid, `The parameter ${name} ${boundOf(issue)}.`)
}

/**
 * @param schema a strict object
 * @throws AwsError for a parameter that the operation does not have here, of another type, out of its bounds, or missing
 */
export const readInput = <Schema extends z.core.$ZodType>(
  schema: Schema,
  given: unknown,
  errors: InputErrors,
): z.output<Schema> => {
  const read = safeParse(schema, given, { reportInput: true })
  if (!read.success) throw errorOf(read.error.issues, errors)
  return read.data
}
