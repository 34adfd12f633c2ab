/** Shipping, and the secret with which carriers sign their reports. */
import { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import type { Construct } from 'constructs'
import { shipping } from '../functions/shipping/contract.ts'
import { ServiceStack } from './constructs/service-stack.ts'
import type { Building, Gateway } from './constructs/shared.ts'

export class ShippingStack extends ServiceStack {
  constructor(scope: Construct, building: Building, gateway: Gateway) {
    super(scope, building, gateway, shipping, (stack) => {
      const secret = new Secret(stack, 'carrier-secret', {
        description: "Signs the carriers' events",
        generateSecretString: { passwordLength: 48, excludePunctuation: true },
        removalPolicy: building.stage.removalPolicy,
      })
      return {
        'carrier-secret': (fn) => {
          secret.grantRead(fn)
          fn.addEnvironment('CARRIER_SECRET_ARN', secret.secretArn)
        },
      }
    })
  }
}
