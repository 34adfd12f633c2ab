/** The document of all services' contracts, as this stage calls itself. */
import { type OpenApiDocument, openApiDocument } from '../../shared/contract/openapi.ts'
import type { Vocabulary } from '../../shared/contract/openapi-words.ts'
import { setting, shopSettings } from '../../shared/runtime/settings.ts'
import { services } from '../services.ts'
import { namedSchemas } from '../vocabulary.ts'
import { fieldTexts } from './words/fields.ts'
import { problemTexts } from './words/problems.ts'
import { schemaTexts } from './words/schemas.ts'

export const vocabulary = (): Vocabulary => ({
  names: namedSchemas(),
  schemas: schemaTexts,
  fields: fieldTexts,
  problems: problemTexts,
})

export const shopOpenApi = (): OpenApiDocument =>
  openApiDocument(services, { title: shopSettings().name, version: '1', url: setting('API_URL') }, vocabulary())
