/** A secret that is shared with somebody outside: a payment provider, a carrier. */
import { Validations } from 'aws-cdk-lib'
import { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import type { Construct } from 'constructs'
import type { Stage } from '../stages.ts'

/** Random text stands in until what was agreed on is put here. */
export const outsideSecret = (scope: Construct, id: string, description: string, stage: Stage): Secret => {
  const secret = new Secret(scope, id, {
    description,
    generateSecretString: { passwordLength: 48, excludePunctuation: true },
    removalPolicy: stage.removalPolicy,
  })
  Validations.of(secret).acknowledge({
    id: 'AwsSolutions::AwsSolutions-SMG4',
    reason: 'Who is outside issues it, so it is exchanged by hand, there and here; two are valid meanwhile',
  })
  return secret
}
