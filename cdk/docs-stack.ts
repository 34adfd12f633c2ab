/** The documentation, which tells where the API is. */
import type { Construct } from 'constructs'
import { docs } from '../functions/docs/contract.ts'
import { ServiceStack } from './constructs/service-stack.ts'
import type { Building, Gateway } from './constructs/shared.ts'

export class DocsStack extends ServiceStack {
  constructor(scope: Construct, building: Building, gateway: Gateway) {
    super(scope, building, gateway, docs, () => ({
      'public-api': (fn) => fn.addEnvironment('API_URL', gateway.publicUrl),
    }))
  }
}
