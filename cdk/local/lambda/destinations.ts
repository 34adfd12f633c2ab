/** Sends events that a function failed on for good to the queue that its template names. */
import type { Clock } from '../clock.ts'
import type { Iam } from '../iam/iam.ts'
import type { Sqs } from '../sqs/sqs.ts'
import { StartError } from '../start-error.ts'
import { type Json, parseObject } from '../template/json.ts'
import type { Template } from '../template/template.ts'
import type { FailedEvent, Lambda } from './lambda.ts'
import { eventInvokeConfigType } from './resources.ts'

const jsonOf = (text: string): Json => parseObject(text) ?? text

/** The record that Lambda writes for an event that failed for good. */
const recordOf = ({ lambda, requestId, payload, answer, attempts }: FailedEvent, nowMs: number): string =>
  JSON.stringify({
    version: '1.0',
    timestamp: new Date(nowMs).toISOString(),
    requestContext: {
      requestId,
      functionArn: `${lambda.arn}:$LATEST`,
      condition: 'RetriesExhausted',
      approximateInvokeCount: attempts,
    },
    requestPayload: jsonOf(payload),
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload: jsonOf(answer),
  })

/** Sends what functions gave up, of the events they were given for later, to the queues that the template names. */
export const connectDestinations = (
  template: Template,
  { lambda, sqs, iam, clock }: { lambda: Lambda; sqs: Sqs; iam: Iam; clock: Clock },
): void => {
  for (const { where, properties } of template.ofType(eventInvokeConfigType)) {
    const target = lambda.functions.get(properties.FunctionName)
    if (target === undefined) throw new StartError(`${where}: there is no function ${properties.FunctionName}`)
    const arn = properties.DestinationConfig?.OnFailure?.Destination ?? ''
    const queue = sqs.byArn(arn)
    if (queue === undefined) throw new StartError(`${where}: ${arn} is no queue here`)
    if (!iam.roleAllows(target.role, 'sqs:SendMessage', arn))
      throw new StartError(`${where}: role ${target.role} lacks sqs:SendMessage on ${arn}`)
    lambda.onFailure(target.name, properties.MaximumRetryAttempts, (event) => {
      sqs.send(queue, { body: recordOf(event, clock.now()), sender: 'lambda.amazonaws.com' })
    })
  }
}
