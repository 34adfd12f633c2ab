/** Shipping, and the secret with which carriers sign their reports. */
import type { Construct } from 'constructs'
import { shipping } from '../functions/shipping/contract.ts'
import { outsideSecret, secretAs } from './constructs/outside-secret.ts'
import { ServiceStack } from './constructs/service/service-stack.ts'
import type { Gateway, StackContext } from './constructs/stack-context.ts'

export class ShippingStack extends ServiceStack {
  constructor(scope: Construct, context: StackContext, gateway: Gateway) {
    super(scope, context, gateway, shipping)
    const secret = outsideSecret(this, 'carrier-secret', "Signs the carriers' events", context.stage)
    this.lend('carrier-secret', secretAs(secret, 'CARRIER_SECRET_ARN'))
  }
}
