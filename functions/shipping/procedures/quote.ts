import { provide } from '../../../shared/runtime/call.ts'
import { shopSettings } from '../../../shared/runtime/settings.ts'
import { quote } from '../../published/shipping.ts'
import { offersFor } from '../domain.ts'

export const handler = provide(quote, () => {
  const { currency } = shopSettings()
  return async ({ methodId, country, weightGrams }) => {
    const offer = offersFor(country, weightGrams, currency).find(({ id }) => id === methodId)
    return offer ? { method: { id: offer.id, title: offer.title, price: offer.price } } : {}
  }
})
