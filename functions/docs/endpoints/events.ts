import { eventCatalogue } from '../../../shared/contract/event-catalogue.ts'
import { type Handle, serve } from '../../../shared/runtime/serve.ts'
import { services } from '../../services.ts'
import { endpoints } from '../contract.ts'

export const events = (): Handle<typeof endpoints.events> => {
  const body = { data: eventCatalogue(services).map((entry) => ({ ...entry })) }
  return async () => ({ body, headers: { 'cache-control': 'public, max-age=60' } })
}

export const handler = serve(endpoints.events, events)
