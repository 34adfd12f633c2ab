/**
 * How a new version of a function takes over. Most are simply replaced. A function that the stage names as gradual, or keeps
 * warm, stands behind the alias `live`; whoever calls it calls the alias.
 */
import { Duration, Validations } from 'aws-cdk-lib'
import { type Alarm, MathExpression } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import { LambdaApplication, LambdaDeploymentConfig, LambdaDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Alias, type IFunction, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import type { Construct } from 'constructs'
import { commonMetrics } from '../../../shared/contract/metric.ts'
import type { FunctionEntry } from '../entries.ts'
import type { Stage } from '../stage.ts'
import { ownMetric, silentAlarm } from '../watch/alarms.ts'

/** So many failures within a minute, of the function or of its service, send everybody back to the version before. */
const failuresThatEndIt = 2

export class Releases {
  private readonly scope: Construct
  private readonly stage: Stage
  private readonly service: string
  private readonly alarms: ITopic
  private codeDeploy: { application: LambdaApplication; role: Role } | undefined

  constructor(scope: Construct, stage: Stage, service: string, alarms: ITopic) {
    this.scope = scope
    this.stage = stage
    this.service = service
    this.alarms = alarms
  }

  /** @returns what routes, queues, streams and schedules call: the function itself, or its alias */
  target(fn: LambdaFunction, { name, kind }: Pick<FunctionEntry, 'name' | 'kind'>): IFunction {
    const path = `${this.service}/${name}`
    const warm = this.stage.provisionedConcurrency[path]
    const gradual = this.stage.gradual.includes(path)
    if (warm === undefined && !gradual) return fn
    const alias = new Alias(this.scope, `${name}-live`, {
      aliasName: 'live',
      version: fn.currentVersion,
      ...(warm !== undefined && { provisionedConcurrentExecutions: warm }),
    })
    if (gradual) this.shift(alias, name, kind)
    return alias
  }

  /** A tenth for five minutes, then all; back at once by itself when the alarm rises meanwhile. */
  private shift(alias: Alias, name: string, kind: FunctionEntry['kind']): void {
    this.codeDeploy ??= this.makeCodeDeploy()
    new LambdaDeploymentGroup(this.scope, `${name}-release`, {
      ...this.codeDeploy,
      alias,
      deploymentConfig: LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES,
      alarms: [this.makeAlarm(alias, name, kind)],
      autoRollback: { failedDeployment: true, stoppedDeployment: true, deploymentInAlarm: true },
    })
  }

  /** An endpoint answers 500 and a consumer gives messages back where Lambda itself sees no error, so both count what they do. */
  private makeAlarm(alias: Alias, name: string, kind: FunctionEntry['kind']): Alarm {
    const [period, statistic] = [Duration.minutes(1), 'Sum']
    const { serverErrors, failedMessages } = commonMetrics
    const own = { stage: this.stage, service: this.service }
    const alarm = silentAlarm(this.scope, this.stage, {
      name: `${this.service}-${name}-release`,
      says: `A new version of ${this.service}/${name} fails and goes back by itself`,
      runbook: 'release-went-back',
      metric: new MathExpression({
        label: `Failures of ${name}`,
        expression: 'FILL(crashed, 0) + FILL(told, 0)',
        usingMetrics: {
          crashed: alias.metricErrors({ period, statistic }),
          told: ownMetric(own, kind === 'endpoint' ? serverErrors : failedMessages),
        },
        period,
      }),
      above: failuresThatEndIt - 1,
    })
    alarm.addAlarmAction(new SnsAction(this.alarms))
    return alarm
  }

  private makeCodeDeploy() {
    const role = new Role(this.scope, 'release-role', { assumedBy: new ServicePrincipal('codedeploy.amazonaws.com') })
    Validations.of(role).acknowledge({
      id: 'AwsSolutions::AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSCodeDeployRoleForLambdaLimited]',
      reason:
        "CodeDeploy's own policy, the narrower of two: it moves aliases and reads alarms, and calls no function but hooks",
    })
    return { application: new LambdaApplication(this.scope, 'releases'), role }
  }
}
