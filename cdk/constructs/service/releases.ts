/**
 * How a new version of a function takes over. Most are simply replaced. A function that the stage names as gradual, or keeps
 * warm, stands behind the alias `live`; whoever calls it calls the alias.
 */
import { Duration, Validations } from 'aws-cdk-lib'
import { type Alarm, MathExpression } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import { LambdaApplication, LambdaDeploymentConfig, LambdaDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Alias, type IFunction } from 'aws-cdk-lib/aws-lambda'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import { commonMetrics } from '../../../shared/contract/metric.ts'
import type { FunctionEntry } from '../entries.ts'
import type { ShopFunction } from '../shop-function.ts'
import type { Stage } from '../stage.ts'
import { ownMetric, silentAlarm } from '../watch/alarms.ts'

/** So many failures within a minute, of the function or of its service, send everybody back to the version before. */
const failuresThatEndIt = 2

export type ReleasesProps = { stage: Stage; service: string; alarms: ITopic }

export class Releases extends Construct {
  private readonly props: ReleasesProps
  private codeDeploy: { application: LambdaApplication; role: Role } | undefined

  constructor(scope: Construct, id: string, props: ReleasesProps) {
    super(scope, id)
    this.props = props
  }

  /** @returns what routes, queues, streams and schedules call: the function itself, or its alias */
  target(fn: ShopFunction, { name, kind }: Pick<FunctionEntry, 'name' | 'kind'>): IFunction {
    const { stage, service } = this.props
    const path = `${service}/${name}`
    const warm = stage.provisionedConcurrency[path]
    const gradual = stage.gradual.includes(path)
    if (warm === undefined && !gradual) return fn.lambda
    const alias = new Alias(fn, 'live', {
      aliasName: 'live',
      version: fn.lambda.currentVersion,
      ...(warm !== undefined && { provisionedConcurrentExecutions: warm }),
    })
    if (gradual) this.shift(fn, alias, name, kind)
    return alias
  }

  /** A tenth for five minutes, then all; back at once by itself when the alarm rises meanwhile. */
  private shift(scope: ShopFunction, alias: Alias, name: string, kind: FunctionEntry['kind']): void {
    this.codeDeploy ??= this.makeCodeDeploy()
    new LambdaDeploymentGroup(scope, 'release', {
      ...this.codeDeploy,
      alias,
      deploymentConfig: LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES,
      alarms: [this.makeAlarm(scope, alias, name, kind)],
      autoRollback: { failedDeployment: true, stoppedDeployment: true, deploymentInAlarm: true },
    })
  }

  /** An endpoint answers 500 and a task gives messages back where Lambda itself sees no error, so both count what they do. */
  private makeAlarm(scope: ShopFunction, alias: Alias, name: string, kind: FunctionEntry['kind']): Alarm {
    const [period, statistic] = [Duration.minutes(1), 'Sum']
    const { serverErrors, failedMessages } = commonMetrics
    const { stage, service, alarms } = this.props
    const told = kind === 'endpoint' ? serverErrors : kind === 'task' ? failedMessages : undefined
    const alarm = silentAlarm(scope, stage, {
      name: `${service}-${name}-release`,
      says: `A new version of ${service}/${name} fails and goes back by itself`,
      runbook: 'release-went-back',
      metric: new MathExpression({
        label: `Failures of ${name}`,
        expression: 'SUM(FILL(METRICS(), 0))',
        usingMetrics: {
          crashed: alias.metricErrors({ period, statistic }),
          ...(told && { told: ownMetric({ stage, service }, told) }),
        },
        period,
      }),
      above: failuresThatEndIt - 1,
    })
    alarm.addAlarmAction(new SnsAction(alarms))
    return alarm
  }

  private makeCodeDeploy() {
    const role = new Role(this, 'role', { assumedBy: new ServicePrincipal('codedeploy.amazonaws.com') })
    Validations.of(role).acknowledge({
      id: 'AwsSolutions::AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSCodeDeployRoleForLambdaLimited]',
      reason:
        "CodeDeploy's own policy, the narrower of two: it moves aliases and reads alarms, and calls no function but hooks",
    })
    return { application: new LambdaApplication(this, 'application'), role }
  }
}
