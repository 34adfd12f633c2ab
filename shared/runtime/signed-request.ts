/**
 * Requests to AWS's REST APIs, signed with the SDK's own parts: for services of which a function needs an operation or
 * two, and whose whole client would bring 70 KB and more of other operations into its bundle.
 */
import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto'
import type { Readable } from 'node:stream'
import { HttpRequest } from '@smithy/core/protocols'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { SignatureV4 } from '@smithy/signature-v4'
import { clientLimits } from './aws/limits.ts'
import { defaultProvider } from './credentials.ts'
import { setting } from './settings.ts'

/** SHA-256 as the signer wants it. */
class Sha256 {
  readonly #hash: Hash | Hmac
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', keyOf(secret))
  }
  update(chunk: Uint8Array): void {
    this.#hash.update(chunk)
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest()
  }
  reset(): void {
    throw new Error('a digest is made once')
  }
}

const keyOf = (secret: string | ArrayBuffer | ArrayBufferView): string | Buffer => {
  if (typeof secret === 'string') return secret
  return ArrayBuffer.isView(secret)
    ? Buffer.from(secret.buffer, secret.byteOffset, secret.byteLength)
    : Buffer.from(secret)
}

export type AwsRequest = {
  /** Where the API answers: protocol, host and port. */
  endpoint: URL
  method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  /** Percent-encoded. */
  path: string
  headers?: Readonly<Record<string, string>>
  body?: string | Uint8Array
}

/** The body must be read to its end, or destroyed: until then it holds a connection. */
export type AwsAnswer = { status: number; headers: Readonly<Record<string, string | undefined>>; body: Readable }

export type SignedApi = {
  region: string
  /** The endpoint that the environment names for this service, as the SDK's clients understand it. */
  givenEndpoint(): string | undefined
  /** That, or else the region's. */
  endpoint(): URL
  /** Sends once. @throws Error when there is no answer within the deadlines of all clients, or `signal` aborts */
  send(request: AwsRequest, signal?: AbortSignal): Promise<AwsAnswer>
  /** The signature (hexadecimal) of a text, such as an upload's policy. */
  signText(text: string, atMs: number): Promise<string>
}

/** Reads a body to its end. @returns undefined when it is larger than `limitBytes`; the rest is then not read */
export const readAnswer = async (body: Readable, limitBytes: number): Promise<Buffer | undefined> => {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    length += chunk.length
    // Leaving the loop destroys the body, and with it the connection.
    if (length > limitBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** The services that are asked this way, as the SDK calls them in the variables that name their endpoints. */
const services = { lambda: 'LAMBDA', s3: 'S3' } as const

/** An S3 path is signed as it is sent; every other service's is encoded once more. */
export const signedApi = (api: keyof typeof services): SignedApi => {
  const givenEndpoint = () => process.env[`AWS_ENDPOINT_URL_${services[api]}`] ?? process.env.AWS_ENDPOINT_URL
  const region = setting('AWS_REGION')
  const signer = new SignatureV4({
    service: api,
    region,
    credentials: defaultProvider(),
    sha256: Sha256,
    uriEscapePath: api !== 's3',
  })
  const { requestHandler } = clientLimits
  // The request's deadline ends with the answer's first byte; the body may not fall silent for longer either.
  const handler = new NodeHttpHandler({ ...requestHandler, socketTimeout: requestHandler.requestTimeout })
  return {
    region,
    givenEndpoint,
    endpoint: () => new URL(givenEndpoint() ?? `https://${api}.${region}.amazonaws.com`),
    async send({ endpoint, method, path, headers, body }, signal) {
      const signed = await signer.sign(
        new HttpRequest({
          method,
          protocol: endpoint.protocol,
          hostname: endpoint.hostname,
          ...(endpoint.port ? { port: Number(endpoint.port) } : {}),
          path,
          headers: { host: endpoint.host, ...headers },
          ...(body === undefined ? {} : { body }),
        }),
      )
      const { response } = await handler.handle(
        // The signer answers the interface, the handler wants the class; cloning makes one of the other.
        HttpRequest.clone(signed as HttpRequest),
        signal && { abortSignal: signal },
      )
      return { status: response.statusCode, headers: response.headers, body: response.body }
    },
    signText: (text, atMs) => signer.sign(text, { signingDate: new Date(atMs) }),
  }
}
