/** The body of a request: its media type and coding (RFC 9110 8.3, 8.4), its text, and JSON (RFC 8259) within limits. */
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { type InputPart, pointerOf } from './input-errors.ts'
import { RefusedInput } from './refused-input.ts'

type Incoming = Pick<APIGatewayProxyEventV2, 'body' | 'headers' | 'isBase64Encoded'>

const bodyLimitBytes = 256 * 1024
const depthLimit = 20
/** Objects, lists, texts, numbers: far above any request of the contracts, and what a parser works through at once. */
const valuesLimit = 10_000

/** The shop decodes nothing: a coded body is refused before it is taken for text. */
const refuseCoding = ({ headers }: Incoming): void => {
  const coding = headers['content-encoding']?.trim().toLowerCase()
  if (coding === undefined || coding === '' || coding === 'identity') return
  throw new RefusedInput(
    'UNSUPPORTED_MEDIA_TYPE',
    `Send the body as it is, without Content-Encoding: ${coding.slice(0, 100)}.`,
    [],
    {
      'accept-encoding': 'identity',
    },
  )
}

const notUtf8 = () =>
  new RefusedInput('MALFORMED_JSON', 'The body is not UTF-8, which JSON is written in (RFC 8259 8.1).')

const fatal = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** What the gateway could not read as UTF-8 it has replaced: then the text has another length than what was sent. */
const wasReplaced = (text: string, bytes: number, headers: Incoming['headers']): boolean => {
  const sent = Number(headers['content-length'] ?? bytes)
  return sent !== bytes && text.includes('\uFFFD')
}

/** @throws RefusedInput over `limitBytes`, for a content coding, and for what is not UTF-8 */
export const bodyText = (event: Incoming, limitBytes: number): string => {
  const text = event.body ?? ''
  const bytes = Buffer.byteLength(text, event.isBase64Encoded ? 'base64' : 'utf8')
  if (bytes > limitBytes)
    throw new RefusedInput('BODY_TOO_LARGE', `The body has ${bytes} bytes; at most ${limitBytes} are accepted.`)
  if (bytes > 0) refuseCoding(event)
  if (!event.isBase64Encoded) {
    if (wasReplaced(text, bytes, event.headers)) throw notUtf8()
    return text
  }
  try {
    return fatal.decode(Buffer.from(text, 'base64'))
  } catch (cause) {
    throw Object.assign(notUtf8(), { cause })
  }
}

/** JSON has one encoding, UTF-8, of which US-ASCII is a part; whoever names another has written something else. */
const refuseOtherTypes = ({ headers }: Incoming): void => {
  const type = headers['content-type'] ?? ''
  const accept = { accept: 'application/json' }
  if (!/^\s*application\/([\w.+-]+\+)?json\s*(;|$)/i.test(type))
    throw new RefusedInput('UNSUPPORTED_MEDIA_TYPE', 'Send the body as application/json.', [], accept)
  const charset = /;\s*charset\s*=\s*"?([^\s";]*)/i.exec(type)?.[1]
  if (charset !== undefined && !/^(utf-?8|us-ascii)$/i.test(charset))
    throw new RefusedInput(
      'UNSUPPORTED_MEDIA_TYPE',
      `Send the body in UTF-8, not in ${charset.slice(0, 100)} (RFC 8259 8.1).`,
      [],
      accept,
    )
}

type Place = { value: unknown; path: readonly PropertyKey[] }

const refuse = (part: InputPart, path: readonly PropertyKey[], code: string, detail: string): RefusedInput =>
  new RefusedInput('INVALID_INPUT', detail, [{ pointer: pointerOf(part, path), code, detail }])

const notAName = 'Is no name that anything can have.'
const notWellFormed = 'Holds half of a surrogate pair (a \\ud800 to \\udfff that stands alone), which is no character.'

/**
 * Looks at every value once, without recursion and without spreading lists, so that no input exhausts the stack.
 * @throws RefusedInput for text that is not well-formed Unicode, for too many or too deeply nested values, and for a member called
 * `__proto__`, which schemas leave out without a word
 */
export const refuseUnfit = (part: InputPart, whole: unknown): void => {
  const places: Place[] = [{ value: whole, path: [] }]
  let seen = 0
  for (let place = places.pop(); place !== undefined; place = places.pop()) {
    const { value, path } = place
    seen += 1
    if (typeof value === 'string' && !value.isWellFormed()) throw refuse(part, path, 'not_well_formed', notWellFormed)
    if (typeof value !== 'object' || value === null) continue
    if (path.length >= depthLimit)
      throw refuse(part, path.slice(0, 3), 'too_deep', `Is nested more than ${depthLimit} deep.`)
    const members = Object.entries(value)
    if (seen + places.length + members.length > valuesLimit)
      throw refuse(part, path, 'too_big', `Holds too much: at most ${valuesLimit} values are taken in one request.`)
    for (const [name, member] of members) {
      if (!name.isWellFormed()) throw refuse(part, path, 'not_well_formed', notWellFormed)
      if (name === '__proto__') throw refuse(part, [...path, name], 'unrecognized_keys', notAName)
      places.push({ value: member, path: [...path, name] })
    }
  }
}

/** The byte order mark that some editors put first is no part of the text (RFC 8259 8.1 lets parsers ignore it). */
const withoutMark = (text: string): string => (text.startsWith('\uFEFF') ? text.slice(1) : text)

/** @returns undefined where there is no body @throws RefusedInput for what is not JSON, or not within the limits */
export const parseJsonBody = (event: Incoming): unknown => {
  if (!event.body) return undefined
  refuseOtherTypes(event)
  const text = withoutMark(bodyText(event, bodyLimitBytes))
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new RefusedInput(
      'MALFORMED_JSON',
      `The body is not JSON: ${String(error instanceof Error ? error.message : error)
        .slice(0, 100)
        .toWellFormed()}`,
    )
  }
  refuseUnfit('body', value)
  return value
}
