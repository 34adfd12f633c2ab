/** Has functions' events tried as the template says, and sends those that failed for good to the queue that it names. */
import type { Clock } from '../clock.ts'
import type { Iam } from '../iam/iam.ts'
import type { Sqs } from '../sqs/sqs.ts'
import { StartError } from '../start-error.ts'
import { type Json, parseObject } from '../template/json.ts'
import type { Template } from '../template/template.ts'
import type { AsyncEvents, FailedEvent } from './async-events.ts'
import type { Lambda } from './lambda.ts'
import { eventInvokeConfigType } from './resources.ts'

const jsonOf = (text: string): Json => parseObject(text) ?? text

/** The record that Lambda writes for an event that failed for good. */
const recordOf = (event: FailedEvent, functionArn: string, nowMs: number): string => {
  const { condition, requestId, payload, answer, attempts } = event
  return JSON.stringify({
    version: '1.0',
    timestamp: new Date(nowMs).toISOString(),
    requestContext: {
      requestId,
      functionArn: `${functionArn}:$LATEST`,
      condition,
      approximateInvokeCount: attempts,
    },
    requestPayload: jsonOf(payload),
    ...(answer !== undefined && {
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: jsonOf(answer),
    }),
  })
}

export const connectDestinations = (
  template: Template,
  parts: { lambda: Lambda; asyncEvents: AsyncEvents; sqs: Sqs; iam: Iam; clock: Clock },
): void => {
  const { lambda, asyncEvents, sqs, iam, clock } = parts
  for (const { where, properties } of template.ofType(eventInvokeConfigType)) {
    const target = lambda.functions.get(properties.FunctionName)
    if (target === undefined) throw new StartError(`${where}: there is no function ${properties.FunctionName}`)
    const arn = properties.DestinationConfig?.OnFailure?.Destination ?? ''
    const queue = sqs.byArn(arn)
    if (queue === undefined) throw new StartError(`${where}: ${arn} is no queue here`)
    if (!iam.roleAllows(target.role, 'sqs:SendMessage', arn))
      throw new StartError(`${where}: role ${target.role} lacks sqs:SendMessage on ${arn}`)
    asyncEvents.configure(target.name, {
      retries: properties.MaximumRetryAttempts,
      maxAgeMs: properties.MaximumEventAgeInSeconds * 1_000,
      giveUp(event) {
        sqs.send(queue, { body: recordOf(event, target.arn, clock.now()), sender: 'lambda.amazonaws.com' })
      },
    })
  }
}
