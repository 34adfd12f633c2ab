/** Shipping, and the secret with which carriers sign their reports. */
import type { Construct } from 'constructs'
import { shipping } from '../functions/shipping/contract.ts'
import { outsideSecret, secretAs } from './constructs/outside-secret.ts'
import { ServiceStack } from './constructs/service-stack.ts'
import type { Building, Gateway } from './constructs/shared.ts'

export class ShippingStack extends ServiceStack {
  constructor(scope: Construct, building: Building, gateway: Gateway) {
    super(scope, building, gateway, shipping, (stack) => {
      const secret = outsideSecret(stack, 'carrier-secret', "Signs the carriers' events", building.stage)
      return {
        'carrier-secret': secretAs(secret, 'CARRIER_SECRET_ARN'),
      }
    })
  }
}
