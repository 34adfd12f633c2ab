/** One declaration of each event serves its publisher, its consumers, the bus rule and the event catalogue. */
import * as z from 'zod/mini'

export type EventDeclaration = {
  /** The service that publishes it. */
  service: string
  /** `noun.verb-in-the-past`. */
  type: string
  /** Version of the data's schema; a consumer accepts the versions that it was written for. */
  schemaVersion: number
  summary: string
  data: z.ZodMiniObject
}

export const event = <const E extends EventDeclaration>(declaration: E): E => declaration

/** What surrounds every event's data on the bus. */
export type Envelope<E extends EventDeclaration> = {
  /** Unique per event; the same on every delivery. */
  id: string
  type: E['type']
  schemaVersion: number
  /** When it happened: RFC 3339, UTC. */
  time: string
  aggregateId: string
  /** 1, 2, 3, … without gaps per aggregate. */
  sequence: number
  /** W3C trace context of the request that caused it. */
  traceparent: string
  data: z.output<E['data']>
}

/** The envelopes of several events, as a union told apart by `type`. */
export type AnyOf<Events extends readonly EventDeclaration[]> = {
  [K in keyof Events]: Envelope<Events[K]>
}[number]

/** The schema of an event's whole envelope, strict about the type and lenient about fields added by later versions. */
export const envelopeSchema = (declaration: EventDeclaration) =>
  z.object({
    id: z.string().check(z.maxLength(64)),
    type: z.literal(declaration.type),
    schemaVersion: z.literal(declaration.schemaVersion),
    time: z.iso.datetime(),
    aggregateId: z.string().check(z.maxLength(128)),
    sequence: z.int().check(z.minimum(1)),
    traceparent: z.string().check(z.maxLength(64)),
    data: declaration.data,
  })

/** The bus's `source` of a service's events. */
export const sourceOf = (declaration: EventDeclaration): string => `shop.${declaration.service}`
