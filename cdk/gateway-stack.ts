/** The public HTTPS API, its authorizer, CORS and alarms; the bus between the services; the overview. `front-stack.ts` opens it. */
import { CfnOutput, Duration, Stack } from 'aws-cdk-lib'
import { CfnApi, CfnAuthorizer, CorsHttpMethod, HttpApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { EventBus } from 'aws-cdk-lib/aws-events'
import type { Topic } from 'aws-cdk-lib/aws-sns'
import type { Construct } from 'constructs'
import { tokenAudience } from '../shared/contract/tokens.ts'
import type { Gateway, StackContext } from './constructs/stack-context.ts'
import { alarmTopic } from './constructs/watch/alarms.ts'
import { apiAlarms } from './constructs/watch/api-alarms.ts'
import { overviewDashboard } from './constructs/watch/overview.ts'

export class GatewayStack extends Stack implements Gateway {
  readonly apiId: string
  readonly publicUrl: string
  readonly authorizerId: string
  readonly issuerUrl: string
  readonly bus: EventBus
  readonly alarms: Topic

  constructor(scope: Construct, { stage }: StackContext, issuer: { url: string }) {
    super(scope, `${stage.prefix}-gateway`, { description: `${stage.shop.name}: the public API and the event bus` })
    const api = new HttpApi(this, 'api', {
      apiName: stage.prefix,
      description: `${stage.shop.name}: public API`,
      createDefaultStage: false,
      // So that nobody goes round CloudFront by the address that every API has.
      ...(stage.edge && { disableExecuteApiEndpoint: true }),
      corsPreflight: {
        allowOrigins: [...stage.corsOrigins],
        allowMethods: [CorsHttpMethod.ANY],
        allowHeaders: [
          'authorization',
          'content-type',
          'idempotency-key',
          'if-match',
          'if-none-match',
          'prefer',
          'traceparent',
        ],
        exposeHeaders: [
          'etag',
          'link',
          'location',
          'retry-after',
          'idempotent-replayed',
          'traceparent',
          // The only place where the gateway says that a token has expired: the body of its answers cannot be changed.
          'www-authenticate',
        ],
        maxAge: Duration.hours(1),
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
    // Always exported, also where nothing imports it: CloudFormation takes no export away that another stack still uses, and
    // with a domain, which most shops get later, nothing would use it any more.
    if (!(api.node.defaultChild instanceof CfnApi)) throw new Error('the API has no resource of its own')
    this.exportValue(api.node.defaultChild.attrApiEndpoint)
    const name = stage.edge?.name ?? stage.domain?.name
    this.publicUrl = name === undefined ? api.apiEndpoint : `https://${name}`
    this.authorizerId = authorizer.ref
    this.issuerUrl = issuer.url
    this.bus = new EventBus(this, 'bus', { eventBusName: stage.prefix })
    this.alarms = alarmTopic(this, stage)
    apiAlarms(this, stage, api.apiId, this.alarms)
    if (stage.watch === 'full') overviewDashboard(this, stage, api.apiId)
    new CfnOutput(this, 'ApiUrl', { value: this.publicUrl })
  }
}
