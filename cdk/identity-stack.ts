/** Identity, which alone may sign with the issuer's keys. */
import { Validations } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import { identity } from '../functions/identity/contract.ts'
import { aliasOf, signingKeysVariable } from '../shared/contract/signing-keys.ts'
import { ServiceStack } from './constructs/service/service-stack.ts'
import type { Gateway, StackContext } from './constructs/stack-context.ts'
import type { IssuerStack } from './issuer-stack.ts'

export class IdentityStack extends ServiceStack {
  constructor(scope: Construct, context: StackContext, gateway: Gateway, { url }: IssuerStack) {
    super(scope, context, gateway, identity)
    const { prefix, signingKeys } = context.stage
    this.lend('signing-key', (fn) => {
      fn.addToRolePolicy(this.signing(signingKeys.map((key) => aliasOf(prefix, key))))
      if (fn.role)
        Validations.of(fn.role).acknowledge({
          id: 'AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:kms:<AWS::Region>:<AWS::AccountId>:key/*]',
          reason: 'The condition names the keys, by their aliases',
        })
      fn.addEnvironment(signingKeysVariable, JSON.stringify(signingKeys))
      fn.addEnvironment('TOKEN_ISSUER', url)
    })
  }

  /** By alias: a key whose ARN this stack had imported could not be removed, as CloudFormation keeps what is in use. */
  private signing(aliases: string[]): PolicyStatement {
    return new PolicyStatement({
      actions: ['kms:Sign'],
      resources: [this.formatArn({ service: 'kms', resource: 'key', resourceName: '*' })],
      conditions: { StringEquals: { 'kms:RequestAlias': aliases } },
    })
  }
}
