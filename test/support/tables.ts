/** Tables as the stacks make them: keys `pk` and `sk`, indexes `gsi1`, `gsi2`, … with keys of their own. */
import { CreateTableCommand, DynamoDBClient, ListTablesCommand, paginateScan } from '@aws-sdk/client-dynamodb'
import { type NativeAttributeValue, unmarshall } from '@aws-sdk/util-dynamodb'
import type { ServiceDeclaration } from '../../shared/contract/endpoint.ts'

export const createTable = async (
  client: DynamoDBClient,
  TableName: string,
  { indexes, keysOnly = [] }: NonNullable<ServiceDeclaration['table']>,
): Promise<void> => {
  const keys = (prefix: string) => [
    { AttributeName: `${prefix}pk`, KeyType: 'HASH' as const },
    { AttributeName: `${prefix}sk`, KeyType: 'RANGE' as const },
  ]
  const prefixes = Array.from({ length: indexes }, (_, index) => `gsi${index + 1}`)
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: keys(''),
      AttributeDefinitions: ['', ...prefixes]
        .flatMap(keys)
        .map(({ AttributeName }) => ({ AttributeName, AttributeType: 'S' as const })),
      ...(indexes > 0
        ? {
            GlobalSecondaryIndexes: prefixes.map((IndexName, index) => ({
              IndexName,
              KeySchema: keys(IndexName),
              Projection: { ProjectionType: keysOnly.includes(index + 1) ? ('KEYS_ONLY' as const) : ('ALL' as const) },
            })),
          }
        : {}),
    }),
  )
}

/** Every item of every table of a local cloud. @param endpoint where its AWS APIs answer */
export const itemsOfTables = async (
  endpoint: string,
): Promise<{ table: string; item: Record<string, NativeAttributeValue> }[]> => {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const client = new DynamoDBClient({ endpoint, region: 'eu-central-1', credentials })
  try {
    const { TableNames = [] } = await client.send(new ListTablesCommand({}))
    const found: { table: string; item: Record<string, NativeAttributeValue> }[] = []
    for (const table of TableNames)
      for await (const page of paginateScan({ client }, { TableName: table, ConsistentRead: true }))
        for (const item of page.Items ?? []) found.push({ table, item: unmarshall(item) })
    return found
  } finally {
    client.destroy()
  }
}
