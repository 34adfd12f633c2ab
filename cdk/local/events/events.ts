/** Runs buses, rules and schedules. What `PutEvents` has answered is stored, for each queue and function that it is for. */
import { randomUUID } from 'node:crypto'
import type { Clock } from '../clock.ts'
import type { Call } from '../endpoint/aws-endpoint.ts'
import { accessDenied, unknownOperation } from '../endpoint/aws-error.ts'
import type { Iam } from '../iam/iam.ts'
import type { Permissions } from '../lambda/api.ts'
import type { AsyncEvents } from '../lambda/async-events.ts'
import type { Lambda } from '../lambda/lambda.ts'
import type { Queue, Sqs } from '../sqs/sqs.ts'
import type { State } from '../state/state.ts'
import { type Json, type JsonObject, listOf, objectOf, parseObject, textOf, textsOf } from '../template/json.ts'
import type { Template } from '../template/template.ts'
import { checkSize, failure, problemOf } from './entries.ts'
import { eventBusType, ruleType } from './resources.ts'
import { type Rule, readRule, type Target } from './rules.ts'
import { startSchedules } from './schedules.ts'

export type Events = {
  handle: (call: Call) => JsonObject
  /** How many events were accepted, by detail type. */
  published: Map<string, number>
  stop(): void
}

export type EventsDependencies = {
  template: Template
  state: State
  sqs: Sqs
  lambda: Lambda
  asyncEvents: Pick<AsyncEvents, 'accept'>
  permissions: Permissions
  iam: Iam
  clock: Clock
  place: { region: string; account: string }
  log: (line: string) => void
}

/** The buses with their rules and schedules. `PutEvents` answers once each target has stored it. */
export const createEvents = (dependencies: EventsDependencies): Events => {
  const { template, sqs, asyncEvents, permissions, iam, clock, place, log } = dependencies
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
        if (allowed) asyncEvents.accept(target.functionName, body, traceHeader)
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
    checkSize(entries)
    const Entries = sqs.together(() => entries.map((entry) => put(entry, call)))
    return { FailedEntryCount: Entries.filter((entry) => 'ErrorCode' in entry).length, Entries }
  }

  const schedules = startSchedules(rules, dependencies, deliver)
  return {
    handle,
    published,
    stop: schedules.stop,
  }
}
