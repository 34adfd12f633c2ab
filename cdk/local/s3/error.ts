/** Answers errors in S3's own form. */
import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { AwsError } from '../endpoint/aws-error.ts'

/** An answer that S3 gives instead of a result, with what it says besides. */
export class S3Error extends AwsError {
  override name = 'S3Error'
  readonly details: Record<string, string | number>

  constructor(code: string, message: string, status = 400, details: S3Error['details'] = {}) {
    super(code, message, status)
    this.details = details
  }
}

export const accessDenied = (message = 'Access Denied'): S3Error => new S3Error('AccessDenied', message, 403)

/** For what S3 can do and this one cannot: S3's own code for it, and a message that names it. */
export const unknownHere = (what: string): S3Error =>
  new S3Error('NotImplemented', `${what} is not known to the local cloud's S3`, 501)

export const escapeXml = (text: string): string => text.replace(/[<>&]/g, (sign) => `&#${sign.charCodeAt(0)};`)

const element = (name: string, content: string | number): string => `<${name}>${escapeXml(String(content))}</${name}>`

export const xmlDocument = (root: string, elements: { [name: string]: string | number }): string => {
  const content = Object.entries(elements).map(([name, value]) => element(name, value))
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}>${content.join('')}</${root}>`
}

export const answerXml = (response: ServerResponse, status: number, text: string, headers = {}): void => {
  response.writeHead(status, {
    'content-type': 'application/xml',
    'content-length': Buffer.byteLength(text),
    ...headers,
  })
  response.end(text)
}

/** Answers with S3's XML; a HEAD request has no room for it. */
export const answerS3Error = (
  response: ServerResponse,
  error: unknown,
  headers: { [name: string]: string },
  log: (line: string) => void,
): void => {
  if (response.destroyed) return
  if (!(error instanceof AwsError)) log(`S3: ${error instanceof Error ? error.stack : error}`)
  const { code, message, status } =
    error instanceof AwsError
      ? error
      : { code: 'InternalError', message: 'We encountered an internal error; see the log.', status: 500 }
  const details = error instanceof S3Error ? error.details : {}
  if (response.headersSent) response.destroy()
  else
    answerXml(
      response,
      status,
      xmlDocument('Error', { Code: code, Message: message, ...details, RequestId: randomUUID() }),
      headers,
    )
}
