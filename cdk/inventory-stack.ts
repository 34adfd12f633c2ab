/** Inventory, whose open route shows staff more: so it must know whose tokens to believe. */
import type { Construct } from 'constructs'
import { inventory } from '../functions/inventory/contract.ts'
import { ServiceStack } from './constructs/service-stack.ts'
import type { Building, Gateway } from './constructs/shared.ts'

export class InventoryStack extends ServiceStack {
  constructor(scope: Construct, building: Building, gateway: Gateway) {
    super(scope, building, gateway, inventory, () => ({
      'token-issuer': (fn) => fn.addEnvironment('TOKEN_ISSUER', gateway.issuerUrl),
    }))
  }
}
