/**
 * The Lambda API's Invoke, signed with the SDK's own parts. The whole client would bring 70 KB of other operations into
 * every function that calls another.
 */
import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto'
import { HttpRequest } from '@smithy/core/protocols'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { SignatureV4 } from '@smithy/signature-v4'
import { clientLimits } from './aws.ts'
import { defaultProvider } from './credentials.ts'
import { once } from './once.ts'
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

const connection = once(() => {
  const region = setting('AWS_REGION')
  const given = process.env.AWS_ENDPOINT_URL_LAMBDA ?? process.env.AWS_ENDPOINT_URL
  return {
    endpoint: new URL(given ?? `https://lambda.${region}.amazonaws.com`),
    signer: new SignatureV4({ service: 'lambda', region, credentials: defaultProvider(), sha256: Sha256 }),
    handler: new NodeHttpHandler(clientLimits.requestHandler),
  }
})

const textOf = async (body: AsyncIterable<Uint8Array>): Promise<string> => {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

export type Invoke = (functionName: string, payload: string, signal: AbortSignal) => Promise<unknown>

/** Calls a function once and waits for its answer. @throws Error when it could not be called, or failed */
export const invokeFunction: Invoke = async (functionName, payload, signal) => {
  const { endpoint, signer, handler } = connection()
  const request = await signer.sign(
    new HttpRequest({
      method: 'POST',
      protocol: endpoint.protocol,
      hostname: endpoint.hostname,
      ...(endpoint.port ? { port: Number(endpoint.port) } : {}),
      path: `/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`,
      headers: { host: endpoint.host, 'content-type': 'application/json' },
      body: payload,
    }),
  )
  const { response } = await handler.handle(HttpRequest.clone(request as HttpRequest), { abortSignal: signal })
  const text = await textOf(response.body)
  if (response.statusCode >= 300 || response.headers['x-amz-function-error'])
    throw new Error(`${functionName} answered ${response.statusCode}: ${text.slice(0, 500)}`)
  return JSON.parse(text)
}
