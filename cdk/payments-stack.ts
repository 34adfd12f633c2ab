/** Payments, and what is shared in secret with the provider: what it signs its reports with, what it is called with. */
import type { Construct } from 'constructs'
import { paymentsThrough } from '../functions/payments/contract.ts'
import { outsideSecret, secretAs } from './constructs/outside-secret.ts'
import { ServiceStack } from './constructs/service/service-stack.ts'
import type { Resource } from './constructs/shop-function.ts'
import type { Gateway, StackContext } from './constructs/stack-context.ts'
import { providerOf } from './constructs/stage.ts'

export class PaymentsStack extends ServiceStack {
  constructor(scope: Construct, context: StackContext, gateway: Gateway) {
    const { secrets, tasks } = providerOf(context.stage)
    super(scope, context, gateway, paymentsThrough({ tasks }))
    const secret = (id: string, variable: string, description: string | undefined): Resource =>
      description === undefined
        ? () => undefined
        : secretAs(outsideSecret(this, id, description, context.stage), variable)
    this.lend('provider', secret('provider-key', 'PROVIDER_KEY_ARN', secrets.key))
    this.lend('provider-secret', secret('provider-secret', 'PROVIDER_SECRET_ARN', secrets.reports))
    if (Object.values(tasks).some(({ uses = [] }) => uses.includes('public-api')))
      this.lend('public-api', (fn) => fn.addEnvironment('API_URL', gateway.publicUrl))
  }
}
