/** Reporting, and the alarm of its reconciliation. */
import { Duration } from 'aws-cdk-lib'
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import type { Construct } from 'constructs'
import { reporting, schedules } from '../functions/reporting/contract.ts'
import { ServiceStack } from './constructs/service-stack.ts'
import type { Building, Gateway } from './constructs/shared.ts'

/** What one run finds, the next can find mended; what is still there after the third waits for a person. */
const runs = 3

export class ReportingStack extends ServiceStack {
  constructor(scope: Construct, building: Building, gateway: Gateway) {
    super(scope, building, gateway, reporting)
    new Alarm(this, 'drift-alarm', {
      alarmDescription: `${reporting.name}: Orders, payments and stock disagree, or nobody looks whether they do`,
      metric: new Metric({
        namespace: 'Shop',
        metricName: 'ReconciliationDrift',
        dimensionsMap: { service: reporting.name },
        statistic: 'Maximum',
        period: Duration.minutes(schedules.reconcile.everyMinutes),
      }),
      threshold: 0,
      evaluationPeriods: runs,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      // Each run publishes a number, so silence means that there are no runs.
      treatMissingData: TreatMissingData.BREACHING,
    })
  }
}
