/** The one stage of an HTTP API: its access log and its throttling. */
import { CfnStage } from 'aws-cdk-lib/aws-apigatewayv2'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import type { Stage } from './stage.ts'

/** What the access log tells of each request: no addresses, no tokens, no query; no time, as CloudWatch notes it anyway. */
const accessLogFormat = JSON.stringify({
  requestId: '$context.requestId',
  route: '$context.routeKey',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  authorizerError: '$context.authorizer.error',
})

/** A route with settings of its own takes none over from the stage's, so each says them all. */
const settingsOf = ({ requestsPerSecond, burst }: { requestsPerSecond: number; burst: number }) => ({
  throttlingRateLimit: requestsPerSecond,
  throttlingBurstLimit: burst,
  // Metrics for each route would cost more than all others together; each has its function, which Lambda measures anyway.
  detailedMetricsEnabled: false,
})

/**
 * @param routes whether the stage's throttling of single routes is meant for this API. The routes must be there when it is
 * deployed: API Gateway refuses settings for others
 */
export const apiStage = (
  scope: Construct,
  stage: Stage,
  apiId: string,
  { routes }: { routes: boolean },
): { opened: CfnStage; accessLog: LogGroup } => {
  const accessLog = new LogGroup(scope, 'access-log', {
    retention: stage.logRetention,
    removalPolicy: stage.removalPolicy,
  })
  const own = (routes ? Object.entries(stage.throttle.routes) : []).flatMap(([key, limits]) =>
    key.startsWith('GET ')
      ? [[key, limits] as const, [key.replace('GET', 'HEAD'), limits] as const]
      : [[key, limits] as const],
  )
  const opened = new CfnStage(scope, 'stage', {
    apiId,
    stageName: '$default',
    autoDeploy: true,
    accessLogSettings: { destinationArn: accessLog.logGroupArn, format: accessLogFormat },
    defaultRouteSettings: settingsOf(stage.throttle),
    ...(own.length > 0 && {
      // CDK passes this on as it stands, so it is written as CloudFormation spells it.
      routeSettings: Object.fromEntries(
        own.map(([key, limits]) => {
          const { throttlingRateLimit, throttlingBurstLimit, detailedMetricsEnabled } = settingsOf(limits)
          return [
            key,
            {
              ThrottlingRateLimit: throttlingRateLimit,
              ThrottlingBurstLimit: throttlingBurstLimit,
              DetailedMetricsEnabled: detailedMetricsEnabled,
            },
          ]
        }),
      ),
    }),
  })
  return { opened, accessLog }
}
