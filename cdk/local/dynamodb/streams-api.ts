/** Answers DynamoDB Streams' API, which operators use to read records again after a relay has given up. */
import type { Call, Service } from '../endpoint/aws-endpoint.ts'
import { AwsError, accessDenied, unknownOperation } from '../endpoint/aws-error.ts'
import type { Iam } from '../iam/iam.ts'
import { type JsonObject, listOf, objectOf, parseObject, textOf } from '../template/json.ts'
import type { Dynamodb } from './dynamodb.ts'
import { type Engine, operationPrefix } from './engine.ts'
import { streams, toEngine, toPublic } from './stream.ts'

/** An iterator says whose it is, so that reading can be permitted table by table. */
const sealed = (StreamArn: string, iterator: string): string =>
  Buffer.from(JSON.stringify({ StreamArn, iterator })).toString('base64')

const opened = (text: string): { streamArn: string; iterator: string } => {
  const content = objectOf(parseObject(Buffer.from(text, 'base64').toString()))
  return { streamArn: textOf(content.StreamArn), iterator: textOf(content.iterator) }
}

/** DynamoDB Streams' JSON protocol, as far as one reads records anew with it. */
export const createStreamsApi = (engine: Engine, dynamodb: Dynamodb, iam: Iam): Service => {
  const permit = ({ caller, operation }: Call, streamArn: string): void => {
    const refusal = iam.refusal(caller, `dynamodb:${operation}`, streamArn)
    if (refusal !== undefined) throw accessDenied(refusal)
  }

  const ask = async (target: string, input: JsonObject): Promise<JsonObject> => {
    try {
      return await engine.call(target, input)
    } catch (error) {
      if (!(error instanceof Error)) throw error
      throw new AwsError(error.name, error.message)
    }
  }

  const shardIterator = async (input: JsonObject): Promise<JsonObject> => {
    const streamArn = textOf(input.StreamArn)
    const table = [...dynamodb.tables.values()].find((each) => each.streamArn === streamArn)
    if (table === undefined) throw new AwsError('ResourceNotFoundException', `Stream ${streamArn} does not exist.`)
    const described = await ask(`${operationPrefix}DescribeTable`, { TableName: table.name })
    const { ShardIterator } = await ask(`${streams}GetShardIterator`, {
      ...input,
      StreamArn: textOf(objectOf(described.Table).LatestStreamArn),
      ...(input.SequenceNumber === undefined ? {} : { SequenceNumber: toEngine(textOf(input.SequenceNumber)) }),
    })
    return { ShardIterator: sealed(streamArn, textOf(ShardIterator)) }
  }

  const records = async ({ Limit }: JsonObject, streamArn: string, iterator: string): Promise<JsonObject> => {
    const page = await ask(`${streams}GetRecords`, {
      ShardIterator: iterator,
      ...(Limit === undefined ? {} : { Limit }),
    })
    const Records = listOf(page.Records).map((entry) => {
      const record = objectOf(entry)
      const change = objectOf(record.dynamodb)
      return { ...record, dynamodb: { ...change, SequenceNumber: toPublic(textOf(change.SequenceNumber)) } }
    })
    const next = textOf(page.NextShardIterator)
    return { Records, ...(next === '' ? {} : { NextShardIterator: sealed(streamArn, next) }) }
  }

  return async (call) => {
    if (call.operation === 'GetShardIterator') {
      permit(call, textOf(call.input.StreamArn))
      return shardIterator(call.input)
    }
    if (call.operation !== 'GetRecords') throw unknownOperation('DynamoDB Streams', call.operation)
    const { streamArn, iterator } = opened(textOf(call.input.ShardIterator))
    permit(call, streamArn)
    return records(call.input, streamArn, iterator)
  }
}
