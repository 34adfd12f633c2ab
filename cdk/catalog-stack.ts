/** The catalogue, and the bucket in which files of products wait to be worked off. */
import type { Construct } from 'constructs'
import { catalog } from '../functions/catalog/contract.ts'
import { incomingPrefix, objectsIn, shopBucket } from './constructs/bucket.ts'
import { ServiceStack } from './constructs/service-stack.ts'
import type { Building, Gateway } from './constructs/shared.ts'

export class CatalogStack extends ServiceStack {
  constructor(scope: Construct, building: Building, gateway: Gateway) {
    super(scope, building, gateway, catalog, (stack) => {
      const files = shopBucket(stack, 'files', building.stage)
      return {
        'put-incoming': objectsIn(files, incomingPrefix, ['put']),
        'get-incoming': objectsIn(files, incomingPrefix, ['get']),
      }
    })
  }
}
