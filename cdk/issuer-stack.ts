/**
 * The issuer: the keys that sign tokens, and the tiny API that tells the world their public halves. A stack of its own,
 * because API Gateway reads the discovery document at the moment it creates the authorizer that trusts it.
 */
import { CfnOutput, Stack } from 'aws-cdk-lib'
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { Alias, Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms'
import type { Construct } from 'constructs'
import { issuer } from '../functions/issuer/contract.ts'
import { routeKeysOf } from '../shared/contract/endpoint.ts'
import { aliasOf, type SigningKey, signingKeysVariable } from '../shared/contract/signing-keys.ts'
import { apiStage } from './constructs/api-stage.ts'
import { entriesOf } from './constructs/entries.ts'
import { Route } from './constructs/service/route.ts'
import { ShopFunction } from './constructs/shop-function.ts'
import type { StackContext } from './constructs/stack-context.ts'
import type { Stage } from './constructs/stage.ts'

export class IssuerStack extends Stack {
  /** The `iss` of all tokens. */
  readonly url: string

  constructor(scope: Construct, context: StackContext) {
    super(scope, `${context.stage.prefix}-issuer`, { description: `${context.stage.shop.name}: ${issuer.summary}` })
    const { signingKeys } = context.stage
    const keys = signingKeys.map((key) => this.makeKey(context.stage, key))
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
        environment: { TOKEN_ISSUER: this.url, [signingKeysVariable]: JSON.stringify(signingKeys) },
      })
      if (declaration.uses?.includes('public-keys'))
        fn.lambda.addToRolePolicy(
          new PolicyStatement({ actions: ['kms:GetPublicKey'], resources: keys.map(({ keyArn }) => keyArn) }),
        )
      const routeKeys = routeKeysOf(declaration)
      new Route(fn, 'route', { apiId: api.apiId, routeKeys, caller: 'anyone', fn: fn.lambda })
    }
    new CfnOutput(this, 'IssuerUrl', { value: this.url })
  }

  /** RSA-2048; the private half never leaves KMS. */
  private makeKey({ prefix, removalPolicy }: Stage, declared: SigningKey): Key {
    const key = new Key(this, declared.name, {
      description: 'Signs access tokens',
      keySpec: KeySpec.RSA_2048,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy,
    })
    new Alias(this, `${declared.name}-alias`, { aliasName: aliasOf(prefix, declared), targetKey: key })
    return key
  }
}
