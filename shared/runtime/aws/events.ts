/** What the bus is asked. */
import {
  EventBridgeClient,
  PutEventsCommand,
  type PutEventsCommandOutput,
  type PutEventsRequest,
} from '@aws-sdk/client-eventbridge'
import { type Ask, asking } from './ask.ts'
import { clientLimits } from './limits.ts'

export const eventsApi = (): Ask<{
  PutEvents: { input: PutEventsRequest; output: Pick<PutEventsCommandOutput, 'Entries'> }
}> =>
  asking(() => {
    const client = new EventBridgeClient(clientLimits)
    return { PutEvents: (input) => client.send(new PutEventsCommand(input)) }
  })
