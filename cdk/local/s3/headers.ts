/** Reads the headers of a request, refusing those that would change its meaning and are not known here. */
import type { IncomingHttpHeaders } from 'node:http'
import { S3Error, unknownHere } from './error.ts'

/** Headers that ask for what is not done here. */
const unknownHeaders: { [method: string]: RegExp } = {
  GET: /^(if-none-match|if-modified-since|if-unmodified-since)$/,
  HEAD: /^(if-none-match|if-modified-since|if-unmodified-since)$/,
  PUT: /^(if-match|if-none-match|cache-control|content-(disposition|encoding|language|md5)|expires)$/,
  DELETE: /^if-match$/,
}
const knownAmzHeaders = /^x-amz-(content-sha256|date|security-token|user-agent|checksum-.+|sdk-checksum-algorithm)$/

/** @throws S3Error naming a header whose effect is missing here */
export const refuseUnknownHeaders = (method: string, headers: IncomingHttpHeaders): void => {
  for (const name of Object.keys(headers))
    if (unknownHeaders[method]?.test(name) || (name.startsWith('x-amz-') && !knownAmzHeaders.test(name)))
      throw unknownHere(`The header "${name}"`)
  if (String(headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-'))
    throw unknownHere('A body sent in signed chunks')
}

const range = /^bytes=(?:(\d+)-(\d*)|-(\d+))$/

/**
 * The part of an object that `Range` asks for; undefined for the whole, also where the header is of no form that S3
 * serves (RFC 9110, 14.2, lets a server ignore it).
 */
export const rangeOf = (header: string | undefined, size: number): { first: number; last: number } | undefined => {
  const match = range.exec(header ?? '')
  if (match === null) return undefined
  const [, from, to, lastBytes] = match
  const first = from === undefined ? Math.max(0, size - Number(lastBytes)) : Number(from)
  const last = from === undefined || to === '' ? size - 1 : Math.min(Number(to), size - 1)
  if (from !== undefined && to !== '' && Number(to) < first) return undefined
  if (first >= size || lastBytes === '0')
    throw new S3Error('InvalidRange', 'The requested range is not satisfiable', 416, {
      RangeRequested: header ?? '',
      ActualObjectSize: size,
    })
  return { first, last }
}
