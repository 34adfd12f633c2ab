/** Identity, which alone may sign with the issuer's key, and the alarm of erasures that take too long. */
import { Duration } from 'aws-cdk-lib'
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import { identity } from '../functions/identity/contract.ts'
import { ServiceStack } from './constructs/service-stack.ts'
import type { Building, Gateway } from './constructs/shared.ts'
import type { IssuerStack } from './issuer-stack.ts'

export class IdentityStack extends ServiceStack {
  constructor(scope: Construct, building: Building, gateway: Gateway, { signingKey, url }: IssuerStack) {
    super(scope, building, gateway, identity, () => ({
      'signing-key': (fn) => {
        fn.addToRolePolicy(new PolicyStatement({ actions: ['kms:Sign'], resources: [signingKey.keyArn] }))
        fn.addEnvironment('SIGNING_KEY_ID', signingKey.keyId)
        fn.addEnvironment('TOKEN_ISSUER', url)
      },
    }))
    new Alarm(this, 'erasures-alarm', {
      alarmDescription: `${identity.name}: A person who asked to be erased is not, and the law leaves a month`,
      metric: new Metric({
        namespace: 'Shop',
        metricName: 'ErasuresOverdue',
        dimensionsMap: { service: identity.name },
        statistic: 'Sum',
        period: Duration.hours(6),
      }),
      threshold: 0,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    })
  }
}
