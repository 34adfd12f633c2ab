import { eventCatalogue } from '../../../shared/contract/event-catalogue.ts'
import { fixedContent } from '../../../shared/runtime/fixed-content.ts'
import { type Handle, serve } from '../../../shared/runtime/serve.ts'
import { services } from '../../services.ts'
import { endpoints } from '../contract.ts'

export const events = (): Handle<typeof endpoints.events> => {
  const catalogue = JSON.stringify({ data: eventCatalogue(services) })
  const list = fixedContent(catalogue, { 'cache-control': 'public, max-age=60' })
  return async ({ headers }) => list(headers)
}

export const handler = serve(endpoints.events, events)
