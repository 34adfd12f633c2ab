/** The one stage of an HTTP API: its access log and its throttling. */
import { CfnStage } from 'aws-cdk-lib/aws-apigatewayv2'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import type { Stage } from '../stages.ts'

/** What the access log tells of each request: no addresses, no tokens, no query. */
const accessLogFormat = JSON.stringify({
  requestId: '$context.requestId',
  time: '$context.requestTime',
  route: '$context.routeKey',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  bytes: '$context.responseLength',
  authorizerError: '$context.authorizer.error',
})

export const apiStage = (scope: Construct, stage: Stage, apiId: string): void => {
  const accessLog = new LogGroup(scope, 'access-log', {
    retention: stage.logRetention,
    removalPolicy: stage.removalPolicy,
  })
  new CfnStage(scope, 'stage', {
    apiId,
    stageName: '$default',
    autoDeploy: true,
    accessLogSettings: { destinationArn: accessLog.logGroupArn, format: accessLogFormat },
    defaultRouteSettings: {
      throttlingRateLimit: stage.throttle.requestsPerSecond,
      throttlingBurstLimit: stage.throttle.burst,
      detailedMetricsEnabled: true,
    },
  })
}
