/** Reads rules: what they match or when they are due, and the queues and functions that they send to. */
import type { Lambda } from '../lambda/lambda.ts'
import type { Queue, Sqs } from '../sqs/sqs.ts'
import { StartError } from '../start-error.ts'
import type { ResourceOf } from '../template/template.ts'
import { compilePattern, type Matcher } from './pattern.ts'
import type { ruleType } from './resources.ts'
import { parseSchedule, type Schedule } from './schedule-expression.ts'

export type Target = { id: string; arn: string; input?: string; deadLetterArn: string | undefined } & (
  | { kind: 'queue'; queue: Queue }
  | { kind: 'function'; functionName: string }
)

export type Rule = {
  name: string
  arn: string
  bus: string
  targets: Target[]
  matches?: Matcher
  schedule?: Schedule
  expression: string
}

export const readRule = (
  { where, name, properties, attribute }: ResourceOf<typeof ruleType>,
  { sqs, lambda }: { sqs: Sqs; lambda: Lambda },
): Rule => {
  const inRule = <T>(read: () => T): T => {
    try {
      return read()
    } catch (error) {
      throw new StartError(`${where}: ${(error as Error).message}`)
    }
  }
  const targets = properties.Targets.map(({ Arn: arn, Id: id, Input: input, DeadLetterConfig }): Target => {
    const common = { id, arn, ...(input !== undefined && { input }), deadLetterArn: DeadLetterConfig?.Arn }
    const queue = sqs.byArn(arn)
    if (queue !== undefined) return { ...common, kind: 'queue', queue }
    const functionName = arn.split(':function:')[1] ?? ''
    if (!lambda.functions.has(functionName))
      throw new StartError(`${where}: target ${arn} is no queue or function here`)
    return { ...common, kind: 'function', functionName }
  })
  const { EventPattern, ScheduleExpression: expression = '' } = properties
  return {
    name,
    arn: attribute('Arn'),
    bus: properties.EventBusName.split('/').at(-1) ?? 'default',
    targets,
    expression,
    ...(EventPattern === undefined ? {} : { matches: inRule(() => compilePattern(EventPattern)) }),
    ...(expression === '' ? {} : { schedule: inRule(() => parseSchedule(expression)) }),
  }
}
