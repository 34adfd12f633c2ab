/** The routes of an HTTP API to one function, declared in the stack that owns the function. */
import { Stack, Validations } from 'aws-cdk-lib'
import { CfnIntegration, CfnRoute } from 'aws-cdk-lib/aws-apigatewayv2'
import { CfnPermission, type IFunction } from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import type { CallerKind } from '../../../shared/contract/endpoint.ts'
import { scopes } from '../../../shared/contract/tokens.ts'

export type RouteProps = {
  apiId: string
  /** Without one, the API is open to anyone. */
  authorizerId?: string
  routeKeys: readonly string[]
  caller: CallerKind
  fn: IFunction
}

/** The scope that a route needs is checked by the gateway, which refuses other tokens before any function runs. */
const authorization = ({ caller, authorizerId }: RouteProps) =>
  caller === 'anyone' || authorizerId === undefined
    ? { authorizationType: 'NONE' }
    : { authorizationType: 'JWT', authorizerId, authorizationScopes: [scopes[caller]] }

export class Route extends Construct {
  constructor(scope: Construct, id: string, props: RouteProps) {
    super(scope, id)
    const { apiId, routeKeys, caller, fn } = props
    const integration = new CfnIntegration(this, 'integration', {
      apiId,
      integrationType: 'AWS_PROXY',
      integrationUri: fn.functionArn,
      payloadFormatVersion: '2.0',
    })
    for (const routeKey of routeKeys) {
      const route = new CfnRoute(this, routeKey.startsWith('HEAD ') ? 'head' : 'key', {
        apiId,
        routeKey,
        target: `integrations/${integration.ref}`,
        ...authorization(props),
      })
      if (caller === 'anyone')
        Validations.of(route).acknowledge({
          id: 'AwsSolutions::AwsSolutions-APIG4',
          reason:
            'Its contract says that anyone may call it: browsing, logging in, documents, and webhooks, which are signed',
        })
    }
    new CfnPermission(this, 'permission', {
      action: 'lambda:InvokeFunction',
      functionName: fn.functionName,
      principal: 'apigateway.amazonaws.com',
      sourceArn: Stack.of(this).formatArn({ service: 'execute-api', resource: apiId, resourceName: '*' }),
    })
  }
}
