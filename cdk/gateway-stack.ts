/** The public HTTPS API, its authorizer, CORS, throttling and access log; and the bus between the services. */
import { CfnOutput, Duration, Stack } from 'aws-cdk-lib'
import { CfnAuthorizer, CfnStage, CorsHttpMethod, HttpApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { EventBus } from 'aws-cdk-lib/aws-events'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import { tokenAudience } from '../shared/contract/tokens.ts'
import type { Building, Gateway } from './constructs/shared.ts'

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

export class GatewayStack extends Stack implements Gateway {
  readonly apiId: string
  readonly apiUrl: string
  readonly authorizerId: string
  readonly issuerUrl: string
  readonly bus: EventBus

  constructor(scope: Construct, { stage }: Building, issuer: { url: string }) {
    super(scope, `${stage.prefix}-gateway`, { description: `${stage.shop.name}: the public API and the event bus` })
    const api = new HttpApi(this, 'api', {
      apiName: stage.prefix,
      description: `${stage.shop.name}: public API`,
      createDefaultStage: false,
      corsPreflight: {
        allowOrigins: [...stage.corsOrigins],
        allowMethods: [CorsHttpMethod.ANY],
        allowHeaders: ['authorization', 'content-type', 'idempotency-key', 'if-match', 'prefer', 'traceparent'],
        exposeHeaders: ['etag', 'location', 'retry-after', 'idempotent-replayed', 'traceparent'],
        maxAge: Duration.hours(1),
      },
    })
    const accessLog = new LogGroup(this, 'access-log', {
      retention: stage.logRetention,
      removalPolicy: stage.removalPolicy,
    })
    new CfnStage(this, 'stage', {
      apiId: api.apiId,
      stageName: '$default',
      autoDeploy: true,
      accessLogSettings: { destinationArn: accessLog.logGroupArn, format: accessLogFormat },
      defaultRouteSettings: {
        throttlingRateLimit: stage.throttle.requestsPerSecond,
        throttlingBurstLimit: stage.throttle.burst,
        detailedMetricsEnabled: true,
      },
    })
    const authorizer = new CfnAuthorizer(this, 'authorizer', {
      apiId: api.apiId,
      name: 'access-token',
      authorizerType: 'JWT',
      identitySource: ['$request.header.Authorization'],
      jwtConfiguration: { issuer: issuer.url, audience: [tokenAudience] },
    })
    this.apiId = api.apiId
    this.apiUrl = api.apiEndpoint
    this.authorizerId = authorizer.ref
    this.issuerUrl = issuer.url
    this.bus = new EventBus(this, 'bus', { eventBusName: stage.prefix })
    new CfnOutput(this, 'ApiUrl', { value: this.apiUrl })
  }
}
