/**
 * Mail as it goes over the wire (RFC 5322, MIME): plain text and HTML, all in UTF-8. Written here in 2 KB, since it has one form
 * only; nodemailer's mail composer would bring 138 KB and 50 ms of CPU at the start, mimetext 162 KB and 14 ms.
 */
import { createHash } from 'node:crypto'
import { mailApi } from '../../../shared/runtime/aws/ses.ts'
import { lazy } from '../../../shared/runtime/lazy.ts'
import { setting } from '../../../shared/runtime/settings.ts'
import type { Message } from './messages.ts'

export type Envelope = {
  from: { name: string; address: string }
  to: string
  /** The same for the same message, so that a mail sent twice can be known as one. */
  id: string
  /** Milliseconds since the epoch. */
  dateMs: number
  /** Names the trace, so that the shop finds what brought a mail about when it is shown one. */
  traceId: string
}

export type SendMail = (raw: string, from: string, to: string) => Promise<void>

/** RFC 2047, in words of at most 75 characters. What is put here cannot end its header. */
const encodedWords = (text: string): string => {
  const pieces: string[] = []
  let piece = ''
  for (const character of text) {
    if (Buffer.byteLength(piece + character) > 42) {
      pieces.push(piece)
      piece = ''
    }
    piece += character
  }
  return [...pieces, piece].map((word) => `=?UTF-8?B?${Buffer.from(word).toString('base64')}?=`).join('\r\n ')
}

/** Addresses come from a schema that knows no line breaks; here it is made sure of again. */
const oneLine = (text: string): string => text.replace(/[\r\n]+/g, ' ')

const escapedByte = (byte: number): string => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`

/** One character, or its bytes escaped: printable ASCII stands for itself, but for the sign of the escape. */
const quotedCharacter = (character: string): string =>
  /^[ -<>-~]$/.test(character) ? character : [...Buffer.from(character)].map(escapedByte).join('')

/** Quoted-printable (RFC 2045, 6.7): lines of at most 76 characters, readable as they stand in the mail folder. */
export const quotedPrintable = (text: string): string =>
  text
    .split('\n')
    .map((line) => {
      const lines: string[] = []
      let current = ''
      for (const character of line) {
        const quoted = quotedCharacter(character)
        if (current.length + quoted.length > 75) {
          lines.push(`${current}=`)
          current = ''
        }
        current += quoted
      }
      return [...lines, current.replace(/ $/, '=20')].join('\r\n')
    })
    .join('\r\n')

const part = (boundary: string, type: string, content: string): string =>
  `--${boundary}\r\nContent-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${quotedPrintable(content)}\r\n`

export const rawMail = ({ from, to, id, dateMs, traceId }: Envelope, { subject, text, html }: Message): string => {
  const boundary = `=_${createHash('sha256').update(id).digest('hex').slice(0, 32)}`
  const domain = from.address.split('@')[1] ?? 'localhost'
  return [
    `From: ${encodedWords(from.name)} <${oneLine(from.address)}>`,
    `To: ${oneLine(to)}`,
    `Subject: ${encodedWords(subject)}`,
    `Date: ${new Date(dateMs).toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${oneLine(id)}@${domain}>`,
    'MIME-Version: 1.0',
    `Content-Type: multipart/alternative; boundary="${boundary}"`,
    'Auto-Submitted: auto-generated',
    `X-Trace-Id: ${oneLine(traceId)}`,
    '',
    `${part(boundary, 'text/plain', text)}${part(boundary, 'text/html', html)}--${boundary}--`,
    '',
  ].join('\r\n')
}

const ses = lazy(mailApi)

export const sendWithSes: SendMail = async (raw, from, to) => {
  await ses()('SendRawEmail', {
    Source: from,
    // Its stack calls it as the stage's resources begin: it says to whom not to write any more.
    ConfigurationSetName: setting('SHOP_PREFIX'),
    Destinations: [to],
    RawMessage: { Data: Buffer.from(raw) },
  })
}
