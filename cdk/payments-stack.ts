/** Payments, the secret with which the provider signs its reports, and the key to call it with, if it needs one. */
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
      const key =
        building.stage.paymentProvider === 'stripe'
          ? new Secret(stack, 'provider-key', {
              description: "Stripe's secret key; the generated text stands in until it is put here",
              generateSecretString: { passwordLength: 48, excludePunctuation: true },
              removalPolicy: building.stage.removalPolicy,
            })
          : undefined
      return {
        provider: (fn) => {
          if (!key) return
          key.grantRead(fn)
          fn.addEnvironment('PROVIDER_KEY_ARN', key.secretArn)
        },
        'provider-secret': (fn) => {
          secret.grantRead(fn)
          fn.addEnvironment('PROVIDER_SECRET_ARN', secret.secretArn)
        },
        'public-api': (fn) => fn.addEnvironment('API_URL', gateway.apiUrl),
      }
    })
  }
}
