/** Inventory, whose open route shows staff more: so it must know whose tokens to believe. */
import type { Construct } from 'constructs'
import { inventory } from '../functions/inventory/contract.ts'
import { ServiceStack } from './constructs/service/service-stack.ts'
import type { Gateway, StackContext } from './constructs/stack-context.ts'

export class InventoryStack extends ServiceStack {
  constructor(scope: Construct, context: StackContext, gateway: Gateway) {
    super(scope, context, gateway, inventory)
    this.lend('token-issuer', (fn) => fn.addEnvironment('TOKEN_ISSUER', gateway.issuerUrl))
  }
}
