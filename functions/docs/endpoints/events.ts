import { eventCatalogue } from '../../../shared/contract/event-catalogue.ts'
import { fixedContent } from '../../../shared/runtime/fixed-content.ts'
import { serve } from '../../../shared/runtime/serve.ts'
import { services } from '../../services.ts'
import { endpoints } from '../contract.ts'

const listOfEvents = () =>
  fixedContent(JSON.stringify({ data: eventCatalogue(services) }), { 'cache-control': 'public, max-age=60' })

export const handler = serve(endpoints.events, { list: listOfEvents }, async function events({ headers }, { list }) {
  return list(headers)
})
