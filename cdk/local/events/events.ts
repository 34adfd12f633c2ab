/** Runs buses, rules and schedules. What `PutEvents` has answered is in its queues already. */
import { randomUUID } from 'node:crypto'
import type { Clock, Timer } from '../clock.ts'
import type { Call } from '../endpoint/aws-endpoint.ts'
import { AwsError, accessDenied, unknownOperation } from '../endpoint/aws-error.ts'
import type { Iam } from '../iam/iam.ts'
import type { Permissions } from '../lambda/api.ts'
import type { Lambda } from '../lambda/lambda.ts'
import type { Queue, Sqs } from '../sqs/sqs.ts'
import { StartError } from '../start-error.ts'
import type { State } from '../state/state.ts'
import { type Json, type JsonObject, listOf, objectOf, parseObject, textOf, textsOf } from '../template/json.ts'
import type { ResourceOf, Template } from '../template/template.ts'
import { compilePattern, type Matcher } from './pattern.ts'
import { eventBusType, ruleType } from './resources.ts'
import { parseSchedule, type Schedule } from './schedule.ts'

type Target = { id: string; arn: string; input?: string; deadLetterArn: string | undefined } & (
  | { kind: 'queue'; queue: Queue }
  | { kind: 'function'; functionName: string }
)

type Rule = {
  name: string
  arn: string
  bus: string
  targets: Target[]
  matches?: Matcher
  schedule?: Schedule
  expression: string
}

export type Events = {
  handle: (call: Call) => JsonObject
  /** How many events were accepted, by detail type. */
  published: Map<string, number>
  stop(): void
}

const maxEntries = 10
const maxRequestBytes = 262_144

const size = (entry: JsonObject): number =>
  [entry.Source, entry.DetailType, entry.Detail, ...listOf(entry.Resources)].reduce<number>(
    (bytes, text) => bytes + Buffer.byteLength(textOf(text)),
    entry.Time === undefined ? 0 : 14,
  )

const failure = (ErrorCode: string, ErrorMessage: string): JsonObject => ({ ErrorCode, ErrorMessage })

const problemOf = (entry: JsonObject): JsonObject | undefined => {
  for (const name of ['Source', 'DetailType', 'Detail']) {
    if (textOf(entry[name]) === '')
      return failure('InvalidArgument', `Parameter ${name} is not valid. Reason: ${name} is a required argument.`)
  }
  if (textOf(entry.Source).startsWith('aws.'))
    return failure('NotAuthorizedForSourceException', 'Not authorized for the source.')
  return undefined
}

export type EventsDependencies = {
  template: Template
  state: State
  sqs: Sqs
  lambda: Lambda
  permissions: Permissions
  iam: Iam
  clock: Clock
  place: { region: string; account: string }
  log: (line: string) => void
}

const readRule = (
  { where, name, properties, attribute }: ResourceOf<typeof ruleType>,
  { sqs, lambda }: EventsDependencies,
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

/** The buses with their rules and schedules. `PutEvents` answers once every matching message is stored. */
export const createEvents = (dependencies: EventsDependencies): Events => {
  const { template, state, sqs, lambda, permissions, iam, clock, place, log } = dependencies
  const rules = template
    .ofType(ruleType)
    .filter(({ properties }) => properties.State === 'ENABLED')
    .map((resource) => readRule(resource, dependencies))
  const buses = new Set(['default', ...template.ofType(eventBusType).map(({ name }) => name)])
  const published = new Map<string, number>()

  const send = (queue: Queue, body: string, traceHeader: string, attributes?: JsonObject): void => {
    sqs.send(queue, { body, sender: 'events.amazonaws.com', traceHeader, ...(attributes && { attributes }) })
  }

  /** A rule that its target does not let in: the event goes to the target's dead-letter queue at once. */
  const giveUp = (rule: Rule, target: Target, body: string, traceHeader: string): void => {
    const queue = target.deadLetterArn === undefined ? undefined : sqs.byArn(target.deadLetterArn)
    log(`rule ${rule.name}: ${target.arn} does not let it in; the event ${queue ? `went to ${queue.name}` : 'is lost'}`)
    if (queue === undefined || !queue.policy.allows('events.amazonaws.com', 'sqs:SendMessage', queue.arn, rule.arn))
      return
    const text = (StringValue: string): Json => ({ DataType: 'String', StringValue })
    send(queue, body, traceHeader, {
      RULE_ARN: text(rule.arn),
      TARGET_ARN: text(target.arn),
      ERROR_CODE: text('NO_PERMISSIONS'),
      ERROR_MESSAGE: text('The target does not permit the rule.'),
    })
  }

  const deliver = (rule: Rule, event: string, traceHeader = ''): void => {
    for (const target of rule.targets) {
      const body = target.input ?? event
      if (target.kind === 'function') {
        const allowed = permissions.allows(target.functionName, 'events.amazonaws.com', rule.arn)
        if (allowed) lambda.invokeLater(target.functionName, body, traceHeader)
        else giveUp(rule, target, body, traceHeader)
      } else {
        const { queue } = target
        const allowed = queue.policy.allows('events.amazonaws.com', 'sqs:SendMessage', queue.arn, rule.arn)
        if (allowed) send(queue, body, traceHeader)
        else giveUp(rule, target, body, traceHeader)
      }
    }
  }

  const put = (entry: JsonObject, call: Call): JsonObject => {
    const problem = problemOf(entry)
    if (problem !== undefined) return problem
    const detail = parseObject(textOf(entry.Detail))
    if (detail === undefined) return failure('MalformedDetail', 'Detail is malformed.')
    const bus = textOf(entry.EventBusName, 'default').split('/').at(-1) ?? ''
    if (!buses.has(bus)) return failure('ResourceNotFoundException', `Event bus ${bus} does not exist.`)
    const time = typeof entry.Time === 'number' ? entry.Time * 1000 : clock.now()
    const detailType = textOf(entry.DetailType)
    const event: JsonObject = {
      version: '0',
      id: randomUUID(),
      'detail-type': detailType,
      source: textOf(entry.Source),
      account: place.account,
      time: new Date(time).toISOString().replace(/\.\d+Z$/, 'Z'),
      region: place.region,
      resources: textsOf(entry.Resources),
      detail,
    }
    published.set(detailType, (published.get(detailType) ?? 0) + 1)
    const matching = rules.filter((rule) => rule.bus === bus && rule.matches?.(event))
    const body = matching.length > 0 ? JSON.stringify(event) : ''
    for (const rule of matching) deliver(rule, body, textOf(entry.TraceHeader) || call.traceHeader)
    return { EventId: event.id ?? '' }
  }

  const handle = (call: Call): JsonObject => {
    if (call.operation !== 'PutEvents') throw unknownOperation('EventBridge', call.operation)
    const entries = listOf(call.input.Entries).map((entry) => objectOf(entry))
    for (const entry of entries) {
      const bus = textOf(entry.EventBusName, 'default').split('/').at(-1) ?? ''
      const arn = `arn:aws:events:${place.region}:${place.account}:event-bus/${bus}`
      const refusal = iam.refusal(call.caller, 'events:PutEvents', arn, { 'events:source': textOf(entry.Source) })
      if (refusal !== undefined) throw accessDenied(refusal)
    }
    if (entries.length < 1 || entries.length > maxEntries) {
      const constraint = `Member must have length ${entries.length < 1 ? 'greater' : 'less'} than or equal to`
      throw new AwsError(
        'ValidationException',
        `'entries' failed to satisfy constraint: ${constraint} ${entries.length < 1 ? 1 : maxEntries}`,
      )
    }
    if (entries.reduce((bytes, entry) => bytes + size(entry), 0) > maxRequestBytes)
      throw new AwsError('ValidationException', 'Total size of the entries in the request is over the limit.')
    const Entries = sqs.together(() => entries.map((entry) => put(entry, call)))
    return { FailedEntryCount: Entries.filter((entry) => 'ErrorCode' in entry).length, Entries }
  }

  const timers = new Map<string, Timer>()
  const { database } = state
  const savedDue = database.prepare('select due_at from schedule_due where rule = ? and expression = ?')
  const saveDue = database.prepare('insert or replace into schedule_due (rule, expression, due_at) values (?, ?, ?)')

  const arm = (rule: Rule, schedule: Schedule, dueMs: number | undefined): void => {
    if (dueMs === undefined) return
    saveDue.run(rule.arn, rule.expression, dueMs)
    timers.set(
      rule.arn,
      clock.after(dueMs - clock.now(), () => {
        // A timer may be cut short where the delay is longer than timers can be.
        if (clock.now() < dueMs) return arm(rule, schedule, dueMs)
        const time = new Date(dueMs).toISOString().replace(/\.\d+Z$/, 'Z')
        const about = { account: place.account, time, region: place.region, resources: [rule.arn], detail: {} }
        const what = { 'detail-type': 'Scheduled Event', source: 'aws.events' }
        deliver(rule, JSON.stringify({ version: '0', id: randomUUID(), ...what, ...about }))
        arm(rule, schedule, schedule(clock.now()))
      }),
    )
  }
  for (const rule of rules) {
    if (rule.schedule === undefined) continue
    const due = savedDue.get(rule.arn, rule.expression)?.due_at
    arm(rule, rule.schedule, typeof due === 'number' ? due : rule.schedule(clock.now()))
  }

  return {
    handle,
    published,
    stop() {
      for (const timer of timers.values()) timer.cancel()
    },
  }
}
