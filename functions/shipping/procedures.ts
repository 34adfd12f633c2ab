import * as z from 'zod/mini'
import { procedure } from '../../shared/contract/endpoint.ts'
import { exportPersonOf } from '../../shared/contract/personal-data.ts'
import { Country, Id, Money, UserId } from '../../shared/contract/schema.ts'

export const quote = procedure({
  service: 'shipping',
  name: 'quote',
  summary: 'Price one shipping method for a weight and a country; the method is absent when it does not go there',
  input: z.strictObject({
    methodId: z.string().check(z.maxLength(64)),
    country: Country,
    weightGrams: z.int().check(z.minimum(0)),
  }),
  output: z.strictObject({ method: z.optional(z.strictObject({ id: z.string(), title: z.string(), price: Money })) }),
})

/** Who wished that an order is not sent. */
export const StopReason = z.enum(['by-customer', 'by-staff'])

export const stop = procedure({
  service: 'shipping',
  name: 'stop',
  summary: "Stop an order's shipment, also before there is one; `stopped` is false when it has left the house",
  /** `by`: the staff member, where it was one. */
  input: z.strictObject({ orderId: Id('ord'), customerId: UserId, reason: StopReason, by: z.optional(UserId) }),
  output: z.strictObject({ stopped: z.boolean() }),
  table: ['GetItem', 'PutItem'],
})

export const exportPerson = exportPersonOf('shipping', ['Query', 'BatchGetItem'])
