/** What goes with a request beside its body, in OpenAPI's terms. */
import * as z from 'zod/mini'
import type { EndpointDeclaration, ObjectSchema } from './endpoint.ts'
import { isObject, type JsonSchema } from './json-schema.ts'

export type Parameter = {
  name: string
  in: 'path' | 'query' | 'header'
  required: boolean
  description?: string
  schema: JsonSchema
}

export type Write = (schema: z.ZodMiniType, io: 'input' | 'output') => JsonSchema

export const parametersIn = (place: 'path' | 'query', schema: ObjectSchema | undefined, write: Write): Parameter[] => {
  // A name of its own would stand for an object, and each of these stands alone.
  const { properties, required } = write(z.object(schema?.shape ?? {}), 'input')
  const needed = Array.isArray(required) ? required : []
  return Object.entries(properties ?? {}).map(([name, of]) => ({
    name,
    in: place,
    required: place === 'path' || needed.includes(name),
    schema: isObject(of) ? of : {},
  }))
}

const header = (name: string, description: string, schema: JsonSchema, required = false): Parameter => ({
  name,
  in: 'header',
  required,
  description,
  schema: { type: 'string', ...schema },
})

/** Whether it changes something that there is already. */
export const isChange = ({ method, idempotency, params }: EndpointDeclaration): boolean =>
  method === 'PUT' || method === 'PATCH' || method === 'DELETE' || (method === 'POST' && !!params && !idempotency)

export const headersOf = (endpoint: EndpointDeclaration): Parameter[] => [
  ...(endpoint.idempotency
    ? [
        header(
          'Idempotency-Key',
          'Makes the request safe to repeat: the same key and body get the same answer, for 48 hours',
          {
            minLength: 1,
            maxLength: 255,
            pattern: '^[\\x21-\\x7e]{1,255}$',
            examples: ['6f2d0c8e-6b0a-4f57-9a57-2f0a3d1c9b11'],
          },
          endpoint.idempotency === 'required',
        ),
      ]
    : []),
  ...(isChange(endpoint) && endpoint.caller !== 'anyone'
    ? [
        header('If-Match', 'The ETag that the change is based on, or several, or `*`; another version answers 412', {
          maxLength: 2_000,
          examples: ['"3"'],
        }),
      ]
    : []),
  ...(endpoint.success.status === 202
    ? [
        header('Prefer', '`wait=N` waits up to N (at most 20) seconds for the outcome (RFC 7240)', {
          maxLength: 200,
          examples: ['wait=10'],
        }),
      ]
    : []),
  ...(endpoint.rawBody
    ? [
        header(
          'webhook-id',
          'Names the message: sent again, it is the same (Standard Webhooks)',
          { maxLength: 256 },
          true,
        ),
        header(
          'webhook-timestamp',
          'When it was sent: seconds since 1970, at most five minutes off',
          { maxLength: 12, pattern: '^[0-9]{1,12}$' },
          true,
        ),
        header(
          'webhook-signature',
          '`v1,` and the HMAC-SHA256 in Base64; several are separated by blanks',
          { maxLength: 2_000 },
          true,
        ),
      ]
    : []),
]
