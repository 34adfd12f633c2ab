/** The routes of an HTTP API to one function, declared in the stack that owns the function. */
import { Stack, Validations } from 'aws-cdk-lib'
import { CfnIntegration, CfnRoute } from 'aws-cdk-lib/aws-apigatewayv2'
import { CfnPermission, type IFunction } from 'aws-cdk-lib/aws-lambda'
import type { Construct } from 'constructs'
import type { CallerKind } from '../../../shared/contract/endpoint.ts'
import { scopes } from '../../../shared/contract/tokens.ts'

/** The scope that a route needs is checked by the gateway, which refuses other tokens before any function runs. */
export const route = (
  scope: Construct,
  id: string,
  props: { apiId: string; authorizerId?: string; routeKeys: readonly string[]; caller: CallerKind; handler: IFunction },
): void => {
  const integration = new CfnIntegration(scope, `${id}-integration`, {
    apiId: props.apiId,
    integrationType: 'AWS_PROXY',
    integrationUri: props.handler.functionArn,
    payloadFormatVersion: '2.0',
  })
  for (const routeKey of props.routeKeys) {
    const declared = new CfnRoute(scope, routeKey.startsWith('HEAD ') ? `${id}-head-route` : `${id}-route`, {
      apiId: props.apiId,
      routeKey,
      target: `integrations/${integration.ref}`,
      ...(props.caller === 'anyone' || !props.authorizerId
        ? { authorizationType: 'NONE' }
        : { authorizationType: 'JWT', authorizerId: props.authorizerId, authorizationScopes: [scopes[props.caller]] }),
    })
    if (props.caller === 'anyone')
      Validations.of(declared).acknowledge({
        id: 'AwsSolutions::AwsSolutions-APIG4',
        reason:
          'Its contract says that anyone may call it: browsing, logging in, documents, and webhooks, which are signed',
      })
  }
  new CfnPermission(scope, `${id}-permission`, {
    action: 'lambda:InvokeFunction',
    functionName: props.handler.functionName,
    principal: 'apigateway.amazonaws.com',
    sourceArn: Stack.of(scope).formatArn({ service: 'execute-api', resource: props.apiId, resourceName: '*' }),
  })
}
