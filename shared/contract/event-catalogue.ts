/** The catalogue of events, written from the same declarations as publishers, consumers and bus rules. */
import { kebab, type ServiceDeclaration } from './endpoint.ts'
import { envelopeSchema } from './event.ts'
import { type JsonSchema, jsonSchemaOf } from './json-schema.ts'

export type CatalogueEntry = {
  type: string
  schemaVersion: number
  summary: string
  publisher: string
  /** `service/function` of each consumer. */
  consumers: string[]
  /** JSON Schema (draft 2020-12) of the whole envelope. */
  schema: JsonSchema
}

export const eventCatalogue = (services: readonly ServiceDeclaration[]): CatalogueEntry[] =>
  services.flatMap((publisher) =>
    Object.values(publisher.events ?? {}).map((event) => ({
      type: event.type,
      schemaVersion: event.schemaVersion,
      summary: event.summary,
      publisher: publisher.name,
      consumers: services.flatMap((service) =>
        Object.entries(service.consumers ?? {}).flatMap(([name, { on }]) =>
          on.some(({ type }) => type === event.type) ? [`${service.name}/${kebab(name)}`] : [],
        ),
      ),
      schema: jsonSchemaOf(envelopeSchema(event), 'output'),
    })),
  )
