import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseSchedule } from '../../../cdk/local/events/schedule-expression.ts'

const next = (expression: string, after: string): string | undefined => {
  const atMs = parseSchedule(expression)(Date.parse(after))
  return atMs === undefined ? undefined : new Date(atMs).toISOString()
}

describe('schedules', () => {
  const cases: [string, string, string | undefined][] = [
    ['rate(5 minutes)', '2026-03-01T10:00:00Z', '2026-03-01T10:05:00.000Z'],
    ['rate(1 day)', '2026-03-01T10:00:00Z', '2026-03-02T10:00:00.000Z'],
    ['cron(0 12 * * ? *)', '2026-03-01T12:00:00Z', '2026-03-02T12:00:00.000Z'],
    ['cron(0/15 8-9 ? * MON-FRI *)', '2026-03-06T09:45:00Z', '2026-03-09T08:00:00.000Z'],
    ['cron(30 6 1 JAN ? *)', '2026-03-06T09:45:00Z', '2027-01-01T06:30:00.000Z'],
    ['cron(0 0 1 1 ? 2020)', '2026-03-06T09:45:00Z', undefined],
    ['cron(0 0 ? * 1 *)', '2026-03-02T10:00:00Z', '2026-03-08T00:00:00.000Z'],
    ['cron(0 12 L * ? *)', '2026-03-01T10:00:00Z', '2026-03-31T12:00:00.000Z'],
    ['cron(0 12 ? * 6#2 *)', '2026-03-01T10:00:00Z', '2026-03-13T12:00:00.000Z'],
  ]
  for (const [expression, after, expected] of cases) {
    test(`${expression} after ${after}`, () => assert.equal(next(expression, after), expected))
  }
  for (const expression of [
    'rate(0 minutes)',
    'rate(5 weeks)',
    'at(2026-01-01T00:00:00)',
    'cron(0 12 * * ?)',
    'cron(0 60 * * ? *)',
    'cron(0 12 ? * 8 *)',
    'cron(0 12 * * * *)',
  ]) {
    test(`refuses ${expression}`, () => assert.throws(() => parseSchedule(expression)))
  }
})
