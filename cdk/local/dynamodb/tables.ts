/** Makes the tables that the template has and the engine has not, and refuses those whose keys have changed. */
import * as z from 'zod/mini'
import { StartError } from '../start-error.ts'
import type { ResourceOf, Template } from '../template/template.ts'
import { type Engine, operationPrefix as prefix } from './engine.ts'
import { tableType } from './resources.ts'

export type Table = { name: string; arn: string; streamArn: string; keys: string[]; ttlAttribute: string | undefined }

const keySchema = z.array(z.object({ AttributeName: z.string() }))

const tableKeys = z.object({
  AttributeDefinitions: z.array(z.object({ AttributeName: z.string(), AttributeType: z.string() })),
  KeySchema: keySchema,
  GlobalSecondaryIndexes: z._default(z.array(z.object({ IndexName: z.string(), KeySchema: keySchema })), []),
})

type TableKeys = z.infer<typeof tableKeys>

const describedTable = z.object({ Table: tableKeys })

/** The keys of a table and its indexes in one line: what cannot be changed once it is there. */
const keysOf = ({ AttributeDefinitions, KeySchema, GlobalSecondaryIndexes }: TableKeys): string => {
  const types = new Map(AttributeDefinitions.map((definition) => [definition.AttributeName, definition.AttributeType]))
  const keys = (schema: TableKeys['KeySchema']) =>
    schema.map(({ AttributeName }) => `${AttributeName}:${types.get(AttributeName)}`).join(',')
  const indexes = GlobalSecondaryIndexes.map((index) => `${index.IndexName}(${keys(index.KeySchema)})`).sort()
  return [keys(KeySchema), ...indexes].join(' ')
}

const createTable = async (
  engine: Engine,
  { name, where, properties }: ResourceOf<typeof tableType>,
): Promise<void> => {
  try {
    const described = await engine.call(`${prefix}DescribeTable`, { TableName: name })
    const [is, wanted] = [keysOf(describedTable.parse(described).Table), keysOf(properties)]
    if (is === wanted) return
    throw new StartError(
      `${where}: table ${name} exists with keys ${is}, the template wants ${wanted}; start afresh with --fresh`,
    )
  } catch (error) {
    if ((error as Error).name !== 'ResourceNotFoundException') throw error
  }
  const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, StreamSpecification } = properties
  const indexes = GlobalSecondaryIndexes.map((index) => {
    const { IndexName, KeySchema: keys, Projection } = index
    return { IndexName, KeySchema: keys, Projection }
  })
  await engine.call(`${prefix}CreateTable`, {
    TableName: name,
    AttributeDefinitions,
    KeySchema,
    BillingMode: 'PAY_PER_REQUEST',
    ...(indexes.length > 0 && { GlobalSecondaryIndexes: indexes }),
    ...(StreamSpecification && { StreamSpecification: { StreamEnabled: true, ...StreamSpecification } }),
  })
}

/** The template's tables by name, each of them there. */
export const openTables = async (template: Template, engine: Engine): Promise<Map<string, Table>> => {
  const resources = template.ofType(tableType)
  await Promise.all(resources.map((resource) => createTable(engine, resource)))
  return new Map(
    resources.map(({ name, properties, attribute }) => {
      const { KeySchema, TimeToLiveSpecification: ttl } = properties
      const keys = KeySchema.map((key) => key.AttributeName)
      const ttlAttribute = ttl?.Enabled ? ttl.AttributeName : undefined
      return [name, { name, arn: attribute('Arn'), streamArn: attribute('StreamArn'), keys, ttlAttribute }]
    }),
  )
}
