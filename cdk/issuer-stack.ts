/**
 * The issuer: the key that signs tokens, and the tiny API that tells the world its public half. A stack of its own,
 * because API Gateway reads the discovery document at the moment it creates the authorizer that trusts it.
 */
import { CfnOutput, Stack } from 'aws-cdk-lib'
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms'
import type { Construct } from 'constructs'
import { issuer } from '../functions/issuer/contract.ts'
import { routeKeysOf } from '../shared/contract/endpoint.ts'
import { apiStage } from './constructs/api-stage.ts'
import { entriesOf } from './constructs/entries.ts'
import { Route } from './constructs/service/route.ts'
import { ShopFunction } from './constructs/shop-function.ts'
import type { StackContext } from './constructs/stack-context.ts'

export class IssuerStack extends Stack {
  /** RSA-2048; the private half never leaves KMS. */
  readonly signingKey: Key
  /** The `iss` of all tokens. */
  readonly url: string

  constructor(scope: Construct, context: StackContext) {
    super(scope, `${context.stage.prefix}-issuer`, { description: `${context.stage.shop.name}: ${issuer.summary}` })
    this.signingKey = new Key(this, 'signing-key', {
      description: 'Signs access tokens',
      keySpec: KeySpec.RSA_2048,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: context.stage.removalPolicy,
    })
    const api = new HttpApi(this, 'api', {
      apiName: `${context.stage.prefix}-issuer`,
      description: 'OpenID discovery and public keys',
      createDefaultStage: false,
    })
    apiStage(this, context.stage, api.apiId, { routes: false })
    this.url = api.apiEndpoint
    for (const { name, entry, declaration, kind } of entriesOf(issuer)) {
      if (kind !== 'endpoint') continue
      const fn = new ShopFunction(this, name, context, {
        kind,
        service: issuer.name,
        name,
        entry,
        needs: declaration,
        environment: { TOKEN_ISSUER: this.url, SIGNING_KEY_ID: this.signingKey.keyId },
      })
      if (declaration.uses?.includes('public-key'))
        fn.lambda.addToRolePolicy(
          new PolicyStatement({ actions: ['kms:GetPublicKey'], resources: [this.signingKey.keyArn] }),
        )
      const routeKeys = routeKeysOf(declaration)
      new Route(fn, 'route', { apiId: api.apiId, routeKeys, caller: 'anyone', fn: fn.lambda })
    }
    new CfnOutput(this, 'IssuerUrl', { value: this.url })
  }
}
