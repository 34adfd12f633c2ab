/** Tables as the stacks make them: keys `pk` and `sk`, indexes `gsi1`, `gsi2`, … with keys of their own. */
import { CreateTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb'
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
