/** Payments, and the secret with which the provider signs its reports. */
import { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import type { Construct } from 'constructs'
import { payments } from '../functions/payments/contract.ts'
import { ServiceStack } from './constructs/service-stack.ts'
import type { Building, Gateway } from './constructs/shared.ts'

export class PaymentsStack extends ServiceStack {
  constructor(scope: Construct, building: Building, gateway: Gateway) {
    super(scope, building, gateway, payments, (stack) => {
      const secret = new Secret(stack, 'provider-secret', {
        description: "Signs the payment provider's events",
        generateSecretString: { passwordLength: 48, excludePunctuation: true },
        removalPolicy: building.stage.removalPolicy,
      })
      return {
        'provider-secret': (fn) => {
          secret.grantRead(fn)
          fn.addEnvironment('PROVIDER_SECRET_ARN', secret.secretArn)
        },
        'public-api': (fn) => fn.addEnvironment('API_URL', gateway.apiUrl),
      }
    })
  }
}
