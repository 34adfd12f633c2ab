/** Declares what templates may say about buses and rules. */
import * as z from 'zod/mini'
import { arn, busOf, named, ruleName } from '../template/resource-names.ts'
import { resourceType } from '../template/resource-type.ts'
import { ignored, listOf, text } from '../template/values.ts'

const busName = named('Name', 256)

export const eventBusType = resourceType(
  'AWS::Events::EventBus',
  z.strictObject({ Name: ignored, Description: ignored, Tags: ignored, LogConfig: ignored }),
  { ref: busName, attributes: { Arn: arn('events', (i) => `event-bus/${busName(i)}`), Name: busName } },
)

export const ruleType = resourceType(
  'AWS::Events::Rule',
  z.strictObject({
    Description: ignored,
    EventBusName: z._default(text, 'default'),
    EventPattern: z.optional(z.json()),
    Name: ignored,
    ScheduleExpression: z.optional(text),
    State: z._default(z.enum(['ENABLED', 'DISABLED']), 'ENABLED'),
    Tags: ignored,
    Targets: listOf(
      z.strictObject({
        Arn: text,
        DeadLetterConfig: z.optional(z.strictObject({ Arn: text })),
        Id: text,
        Input: z.optional(text),
        // Nothing is tried again here: queues, and the events of functions, are taken at once.
        RetryPolicy: z.optional(z.strictObject({ MaximumEventAgeInSeconds: ignored, MaximumRetryAttempts: ignored })),
      }),
    ),
  }),
  {
    ref: ruleName,
    attributes: {
      Arn: arn('events', (i) => `rule/${busOf(i) === 'default' ? '' : `${busOf(i)}/`}${ruleName(i)}`),
    },
  },
)
