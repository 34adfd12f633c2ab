/** What queues are asked. */
import { SendMessageCommand, type SendMessageRequest, SQSClient } from '@aws-sdk/client-sqs'
import { type Ask, asking } from './ask.ts'
import { clientLimits } from './limits.ts'

/** The client would otherwise follow the queue's URL, away from the endpoint it was given. */
export const queuesApi = (): Ask<{ SendMessage: { input: SendMessageRequest; output: object } }> =>
  asking(() => {
    const client = new SQSClient({ ...clientLimits, useQueueUrlAsEndpoint: false })
    return { SendMessage: (input) => client.send(new SendMessageCommand(input)) }
  })
