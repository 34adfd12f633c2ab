/** The document of all services' contracts, as this stage calls itself. */
import { type OpenApiDocument, openApiDocument } from '../../shared/contract/openapi.ts'
import { setting, shopSettings } from '../../shared/runtime/settings.ts'
import { services } from '../services.ts'

export const describedApi = (): OpenApiDocument =>
  openApiDocument(services, { title: shopSettings().name, version: '1', url: setting('API_URL') })
