/** The documentation, which tells where the API is. */
import type { Construct } from 'constructs'
import { docs } from '../functions/docs/contract.ts'
import { ServiceStack } from './constructs/service/service-stack.ts'
import type { Gateway, StackContext } from './constructs/stack-context.ts'

export class DocsStack extends ServiceStack {
  constructor(scope: Construct, context: StackContext, gateway: Gateway) {
    super(scope, context, gateway, docs)
    this.lend('public-api', (fn) => fn.addEnvironment('API_URL', gateway.publicUrl))
  }
}
