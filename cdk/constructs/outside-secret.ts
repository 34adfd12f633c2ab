/** A secret that is shared with somebody outside: a payment provider, a carrier. */
import { Validations } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import type { Construct } from 'constructs'
import type { Resource } from './shop-function.ts'
import type { Stage } from './stage.ts'

/** All of ASCII's: said twice, since emulators know either this or that way to leave it out. */
const punctuation = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'

/**
 * Random text stands in until what was agreed on is put here: 48 letters and digits are 36 bytes in Base64, so that they are a
 * secret of Standard Webhooks as well.
 */
export const outsideSecret = (scope: Construct, id: string, description: string, stage: Stage): Secret => {
  const secret = new Secret(scope, id, {
    description,
    generateSecretString: { passwordLength: 48, excludePunctuation: true, excludeCharacters: punctuation },
    removalPolicy: stage.removalPolicy,
  })
  Validations.of(secret).acknowledge({
    id: 'AwsSolutions::AwsSolutions-SMG4',
    reason: 'Who is outside issues it, so it is exchanged by hand, there and here; two are valid meanwhile',
  })
  return secret
}

/** Lets a function read the secret, which it finds by this variable. CDK's own grant would let it describe it as well. */
export const secretAs =
  (secret: Secret, variable: string): Resource =>
  (fn) => {
    fn.addToRolePolicy(
      new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [secret.secretArn] }),
    )
    fn.addEnvironment(variable, secret.secretArn)
  }
