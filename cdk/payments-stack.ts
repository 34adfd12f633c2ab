/** Payments, the secret with which the provider signs its reports, and the key to call it with, if it needs one. */
import type { Construct } from 'constructs'
import { payments } from '../functions/payments/contract.ts'
import { outsideSecret, secretAs } from './constructs/outside-secret.ts'
import { ServiceStack } from './constructs/service/service-stack.ts'
import type { Gateway, StackContext } from './constructs/stack-context.ts'

export class PaymentsStack extends ServiceStack {
  constructor(scope: Construct, context: StackContext, gateway: Gateway) {
    super(scope, context, gateway, payments)
    const { stage } = context
    const secret = outsideSecret(this, 'provider-secret', "Signs the payment provider's events", stage)
    const key =
      stage.paymentProvider === 'stripe' ? outsideSecret(this, 'provider-key', "Stripe's secret key", stage) : undefined
    this.lend('provider', key ? secretAs(key, 'PROVIDER_KEY_ARN') : () => undefined)
    this.lend('provider-secret', secretAs(secret, 'PROVIDER_SECRET_ARN'))
    this.lend('public-api', (fn) => fn.addEnvironment('API_URL', gateway.publicUrl))
  }
}
