/** Reads which bucket and object a request is about. */
import type { IncomingMessage } from 'node:http'
import { S3Error, unknownHere } from './error.ts'

/** What a request is about. The key is empty where it is about the bucket itself. */
export type Address = { bucket: string; key: string }

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new S3Error('InvalidURI', "Couldn't parse the specified URI.")
  }
}

/** The SDK names the operation in the query; anything else there would change what is done. */
const refuseUnknownQuery = (query: string): void => {
  const names = [...new URLSearchParams(query).keys()]
  if (names.includes('X-Amz-Signature')) throw unknownHere('A presigned URL')
  const unknown = names.find((name) => name !== 'x-id')
  if (unknown !== undefined) throw unknownHere(`The query parameter "${unknown}"`)
}

/** The bucket stands in the host (`bucket.s3.region.amazonaws.com`, `bucket.localhost`), or else first in the path. */
export const addressOf = ({ url = '/', headers }: IncomingMessage, bucketNames: Iterable<string>): Address => {
  const [encoded = '/', query = ''] = url.split(/\?(.*)/s)
  refuseUnknownQuery(query)
  const path = decode(encoded.slice(1))
  const [host = ''] = (headers.host ?? '').split(':')
  const inHost = [...bucketNames].find((name) => host.startsWith(`${name}.`))
  if (inHost !== undefined) return { bucket: inHost, key: path }
  const [bucket = '', key = ''] = path.split(/\/(.*)/s)
  return { bucket, key }
}
