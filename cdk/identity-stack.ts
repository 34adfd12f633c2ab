/** Identity, which alone may sign with the issuer's key. */
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import { identity } from '../functions/identity/contract.ts'
import { ServiceStack } from './constructs/service/service-stack.ts'
import type { Gateway, StackContext } from './constructs/stack-context.ts'
import type { IssuerStack } from './issuer-stack.ts'

export class IdentityStack extends ServiceStack {
  constructor(scope: Construct, context: StackContext, gateway: Gateway, { signingKey, url }: IssuerStack) {
    super(scope, context, gateway, identity)
    this.lend('signing-key', (fn) => {
      fn.addToRolePolicy(new PolicyStatement({ actions: ['kms:Sign'], resources: [signingKey.keyArn] }))
      fn.addEnvironment('SIGNING_KEY_ID', signingKey.keyId)
      fn.addEnvironment('TOKEN_ISSUER', url)
    })
  }
}
