/** Wraps consumers of events and functions that run by the clock: what nobody waits for, and Lambda tries again. */
import middy from '@middy/core'
import * as z from 'zod/mini'
import type { ConsumerDeclaration, ScheduleDeclaration } from '../contract/endpoint.ts'
import { type AnyOf, envelopeSchema } from '../contract/event.ts'
import { asError } from './errors.ts'
import { logEvents } from './events-logged.ts'
import { instantiable, type Makers, type PartsOf } from './instance.ts'
import { lazy } from './lazy.ts'
import { correlate, logger, observe } from './observability.ts'
import { continueTrace, logFields, withTrace } from './trace.ts'

/** What a consumer hears: one of its events. */
export type EventOf<C extends ConsumerDeclaration> = AnyOf<C['on']>

/** What an EventBridge rule hands over. */
const BusEvent = z.object({
  'detail-type': z.string(),
  detail: z.looseObject({ id: z.optional(z.string()), traceparent: z.optional(z.string()) }),
})

const parserOf = <C extends ConsumerDeclaration>(declaration: C) => {
  const schemas = new Map(declaration.on.map((event) => [event.type, envelopeSchema(event)]))
  return (given: z.infer<typeof BusEvent>): AnyOf<C['on']> => {
    const schema = schemas.get(given['detail-type'])
    if (!schema) throw new Error(`an event of type ${given['detail-type'].slice(0, 100)} is not for this consumer`)
    // The schema is that of the one event of this type in `on`, so the result is its envelope.
    return schema.parse(given.detail) as AnyOf<C['on']>
  }
}

const logConsumed = logEvents('consumed')

/**
 * Wraps a function that takes one event at a time. It must have its effect once however often, late or out of order it is
 * called. One that throws is called with the event again, a minute later and two minutes after that; then it is a dead letter.
 * @param makers of the parts that it needs
 */
export const consume = <C extends ConsumerDeclaration, M extends Makers>(
  declaration: C,
  makers: M,
  handle: (event: EventOf<C>, parts: PartsOf<M>) => Promise<void>,
) => {
  const parse = lazy(() => parserOf(declaration))
  return instantiable(makers, (parts) =>
    middy(async (input: unknown): Promise<void> => {
      const given = BusEvent.parse(input)
      await withTrace(continueTrace(given.detail.traceparent), async () => {
        try {
          const event = parse()(given)
          correlate({ orderId: event.aggregateId, cartId: event.aggregateId }, event.data)
          await handle(event, parts())
          logConsumed([{ event, fields: logFields() }])
        } catch (error) {
          // Lambda tells of it, too, but not in which trace.
          logger.error('message failed', { message_id: given.detail.id, error: asError(error) })
          throw error
        }
      })
    }).use(observe()),
  )
}

/** Wraps a function that a schedule starts; it may be started late or twice. @param makers of the parts that it needs */
export const onSchedule = <M extends Makers>(
  _declaration: ScheduleDeclaration,
  makers: M,
  run: (parts: PartsOf<M>) => Promise<void>,
) =>
  instantiable(makers, (parts) =>
    middy(
      (_event: unknown): Promise<void> =>
        withTrace(continueTrace(undefined), async () => {
          await run(parts())
          logger.info('ran')
        }),
    ).use(observe()),
  )
