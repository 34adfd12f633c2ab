import { provide } from '../../../shared/runtime/call.ts'
import * as published from '../../published/shipping.ts'
import { offersFor } from '../domain.ts'
import * as parts from '../parts.ts'

export const handler = provide(
  published.quote,
  { currency: parts.currency },
  async function quote({ methodId, country, weightGrams }, { currency }) {
    const offer = offersFor(country, weightGrams, currency).find(({ id }) => id === methodId)
    return offer ? { method: { id: offer.id, title: offer.title, price: offer.price } } : {}
  },
)
