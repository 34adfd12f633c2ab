/** Moves messages of dead-letter queues back to where they failed. A move is done as soon as it is asked for. */
import { AwsError } from '../endpoint/aws-error.ts'
import type { JsonObject } from '../template/json.ts'
import type { AskedMove } from './inputs.ts'
import type { Sqs } from './sqs.ts'

/** @param permit throws where the caller may not do this to the queue of that ARN */
export const createMoves = (sqs: Sqs) => {
  const moves = new Map<string, JsonObject>()

  /** Everything visible in a dead-letter queue goes back to the queue whose failures it holds. */
  const start = ({ SourceArn, DestinationArn }: AskedMove, permit: (arn: string) => void): JsonObject => {
    const source = sqs.byArn(SourceArn)
    const destination =
      DestinationArn === undefined
        ? [...sqs.queues.values()].find((queue) => queue.redrive?.deadLetterQueue === source?.name)
        : sqs.byArn(DestinationArn)
    if (source === undefined || destination === undefined)
      throw new AwsError('ResourceNotFoundException', 'The source is no dead-letter queue of another queue.')
    permit(source.arn)
    const moved = sqs.move(source, destination)
    moves.set(source.arn, {
      Status: 'COMPLETED',
      SourceArn: source.arn,
      DestinationArn: destination.arn,
      ApproximateNumberOfMessagesMoved: moved,
      ApproximateNumberOfMessagesToMove: moved,
    })
    return { TaskHandle: Buffer.from(JSON.stringify({ moved })).toString('base64') }
  }

  /** Only the last one of a queue. */
  const list = (arn: string, permit: (arn: string) => void): JsonObject => {
    permit(arn)
    const last = moves.get(arn)
    return { Results: last === undefined ? [] : [last] }
  }

  return { start, list }
}
