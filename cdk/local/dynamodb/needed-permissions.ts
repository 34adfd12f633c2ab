/** Tells which permissions a request needs: those of transactions and batches are those of what they hold. */
import type { Call } from '../endpoint/aws-endpoint.ts'
import { type JsonObject, listOf, objectOf, textOf } from '../template/json.ts'

type Needed = { action: string; table: string; index?: string }

const tableOf = (input: JsonObject): string => textOf(input.TableName).split('/').at(-1) ?? ''

const transactActions: { [kind: string]: string } = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
  Get: 'GetItem',
}

/** What a request needs: the action, and the table or index it is done to. */
export const neededBy = ({ operation, input }: Call): Needed[] => {
  switch (operation) {
    case 'TransactWriteItems':
    case 'TransactGetItems':
      return listOf(input.TransactItems).flatMap((item) =>
        Object.entries(objectOf(item)).map(([kind, entry]) => {
          const action = transactActions[kind] ?? kind
          return { action: `dynamodb:${action}`, table: tableOf(objectOf(entry)) }
        }),
      )
    case 'BatchGetItem':
    case 'BatchWriteItem':
      return Object.keys(objectOf(input.RequestItems)).map((name) => ({
        action: `dynamodb:${operation}`,
        table: tableOf({ TableName: name }),
      }))
    case 'Query':
    case 'Scan': {
      const needed = { action: `dynamodb:${operation}`, table: tableOf(input) }
      return [input.IndexName === undefined ? needed : { ...needed, index: textOf(input.IndexName) }]
    }
    default:
      return [{ action: `dynamodb:${operation}`, table: tableOf(input) }]
  }
}
