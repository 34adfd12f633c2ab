/** What tables are asked. */
import {
  BatchGetItemCommand,
  type BatchGetItemCommandOutput,
  type BatchGetItemInput,
  DeleteItemCommand,
  type DeleteItemInput,
  DynamoDBClient,
  GetItemCommand,
  type GetItemCommandOutput,
  type GetItemInput,
  PutItemCommand,
  type PutItemInput,
  QueryCommand,
  type QueryCommandOutput,
  type QueryInput,
  TransactWriteItemsCommand,
  type TransactWriteItemsInput,
  UpdateItemCommand,
  type UpdateItemInput,
} from '@aws-sdk/client-dynamodb'
import { type Ask, asking } from './ask.ts'
import { clientLimits } from './limits.ts'

export type AskDynamo = Ask<{
  GetItem: { input: GetItemInput; output: Pick<GetItemCommandOutput, 'Item'> }
  BatchGetItem: { input: BatchGetItemInput; output: Pick<BatchGetItemCommandOutput, 'Responses' | 'UnprocessedKeys'> }
  Query: { input: QueryInput; output: Pick<QueryCommandOutput, 'Items' | 'LastEvaluatedKey'> }
  PutItem: { input: PutItemInput; output: object }
  UpdateItem: { input: UpdateItemInput; output: object }
  DeleteItem: { input: DeleteItemInput; output: object }
  TransactWriteItems: { input: TransactWriteItemsInput; output: object }
}>

export const dynamoApi = (): AskDynamo =>
  asking(() => {
    const client = new DynamoDBClient(clientLimits)
    return {
      GetItem: (input) => client.send(new GetItemCommand(input)),
      BatchGetItem: (input) => client.send(new BatchGetItemCommand(input)),
      Query: (input) => client.send(new QueryCommand(input)),
      PutItem: (input) => client.send(new PutItemCommand(input)),
      UpdateItem: (input) => client.send(new UpdateItemCommand(input)),
      DeleteItem: (input) => client.send(new DeleteItemCommand(input)),
      TransactWriteItems: (input) => client.send(new TransactWriteItemsCommand(input)),
    }
  })
