/**
 * The promise to customers, and the alarms of breaking it: of a thousand requests, 999 are not answered with 5xx. Alarms look
 * at how fast what may fail is used up, over a long and a short span together, so that they wake somebody for what matters and
 * stop soon after it has ended: Google's SRE Workbook, chapter 5, "Multiwindow, Multi-Burn-Rate Alerts".
 */
import { Duration } from 'aws-cdk-lib'
import { AlarmRule, AlarmState, CompositeAlarm, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import type { Construct } from 'constructs'
import type { Stage } from '../stage.ts'
import { descriptionOf, silentAlarm } from './alarms.ts'

/** Of all requests, those that may fail on our side. */
const budget = 0.001

/** Fewer failures than this are no pattern, however few the requests. */
const fewestErrors = 5

/** `burn`: so many times faster than the budget lasts a month. */
const speeds = [
  { name: 'fast', burn: 14.4, long: Duration.hours(1), short: Duration.minutes(5), spent: '2 % in an hour' },
  { name: 'slow', burn: 6, long: Duration.hours(6), short: Duration.minutes(30), spent: '5 % in six hours' },
] as const

/** One of API Gateway's own, of the whole API. */
export const apiMetric = (apiId: string, metricName: string, statistic: string, label?: string): Metric =>
  new Metric({
    namespace: 'AWS/ApiGateway',
    metricName,
    dimensionsMap: { ApiId: apiId },
    statistic,
    period: Duration.minutes(5),
    ...(label ? { label } : {}),
  })

/** How many times faster than it lasts a month the budget is used up. @param atLeast below so many errors it is none */
export const burnRate = (apiId: string, period: Duration, atLeast = 1): MathExpression =>
  new MathExpression({
    expression: `IF(errors >= ${atLeast}, errors / requests / ${budget}, 0)`,
    usingMetrics: { errors: apiMetric(apiId, '5xx', 'Sum'), requests: apiMetric(apiId, 'Count', 'Sum') },
    label: 'burn rate',
    period,
  })

export const apiAlarms = (scope: Construct, stage: Stage, apiId: string, topic: ITopic): void => {
  const action = new SnsAction(topic)
  if (stage.watch === 'some') {
    silentAlarm(scope, stage, {
      name: 'api-fails',
      says: `The API answered ${fewestErrors} requests with 5xx within an hour`,
      runbook: 'error-budget',
      metric: apiMetric(apiId, '5xx', 'Sum').with({ period: Duration.hours(1) }),
      above: fewestErrors - 1,
    }).addAlarmAction(action)
    return
  }
  for (const { name, burn, long, short, spent } of speeds) {
    const says = `The API fails so often that ${spent} of what may fail in a month is gone`
    const runbook = 'error-budget'
    const over = (span: 'long' | 'short', period: Duration, atLeast: number) =>
      AlarmRule.fromAlarm(
        silentAlarm(scope, stage, {
          name: `error-budget-${name}-${span}`,
          says,
          runbook,
          metric: burnRate(apiId, period, atLeast),
          above: burn,
        }),
        AlarmState.ALARM,
      )
    const alarm = new CompositeAlarm(scope, `error-budget-${name}`, {
      compositeAlarmName: `${stage.prefix}-error-budget-${name}`,
      alarmDescription: descriptionOf({ says, runbook }),
      alarmRule: AlarmRule.allOf(over('long', long, fewestErrors), over('short', short, 1)),
    })
    alarm.addAlarmAction(action)
  }
  const throttled = silentAlarm(scope, stage, {
    name: 'functions-throttled',
    says: 'Lambda starts no more functions than run already: the limit of the account is reached',
    runbook: 'functions-throttled',
    // Without a dimension it is that of the whole account, as is the limit.
    metric: new Metric({
      namespace: 'AWS/Lambda',
      metricName: 'Throttles',
      statistic: 'Sum',
      period: Duration.minutes(5),
    }),
    above: 0,
    times: 2,
  })
  throttled.addAlarmAction(action)
}
