/** Keeps rules' schedules: when one is due next survives a restart, so that none is missed or doubled by it. */
import { randomUUID } from 'node:crypto'
import type { Clock, Timer } from '../clock.ts'
import type { State } from '../state/state.ts'
import type { Rule } from './rules.ts'
import type { Schedule } from './schedule-expression.ts'

/** @param deliver sends one event to the rule's targets */
export const startSchedules = (
  rules: readonly Rule[],
  { state, clock, place }: { state: State; clock: Clock; place: { region: string; account: string } },
  deliver: (rule: Rule, event: string) => void,
): { stop(): void } => {
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
    stop() {
      for (const timer of timers.values()) timer.cancel()
    },
  }
}
