/** Checks what `PutEvents` is given, by the limits that EventBridge has. */
import { AwsError } from '../endpoint/aws-error.ts'
import { type JsonObject, listOf, textOf } from '../template/json.ts'

const maxEntries = 10
const maxRequestBytes = 262_144

const size = (entry: JsonObject): number =>
  [entry.Source, entry.DetailType, entry.Detail, ...listOf(entry.Resources)].reduce<number>(
    (bytes, text) => bytes + Buffer.byteLength(textOf(text)),
    entry.Time === undefined ? 0 : 14,
  )

export const failure = (ErrorCode: string, ErrorMessage: string): JsonObject => ({ ErrorCode, ErrorMessage })

/** What is wrong with one entry; the others of its request are taken all the same. */
export const problemOf = (entry: JsonObject): JsonObject | undefined => {
  for (const name of ['Source', 'DetailType', 'Detail']) {
    if (textOf(entry[name]) === '')
      return failure('InvalidArgument', `Parameter ${name} is not valid. Reason: ${name} is a required argument.`)
  }
  if (textOf(entry.Source).startsWith('aws.'))
    return failure('NotAuthorizedForSourceException', 'Not authorized for the source.')
  return undefined
}

/** @throws AwsError where there are too many entries, or too large ones */
export const checkSize = (entries: readonly JsonObject[]): void => {
  if (entries.length < 1 || entries.length > maxEntries) {
    const constraint = `Member must have length ${entries.length < 1 ? 'greater' : 'less'} than or equal to`
    throw new AwsError(
      'ValidationException',
      `'entries' failed to satisfy constraint: ${constraint} ${entries.length < 1 ? 1 : maxEntries}`,
    )
  }
  if (entries.reduce((bytes, entry) => bytes + size(entry), 0) > maxRequestBytes)
    throw new AwsError('ValidationException', 'Total size of the entries in the request is over the limit.')
}
