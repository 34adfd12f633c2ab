/**
 * The catalogue, and the bucket in which files of products wait to be worked off. Its open routes show staff more: so it must
 * know whose tokens to believe.
 */
import type { Construct } from 'constructs'
import { catalog } from '../functions/catalog/contract.ts'
import { incomingPrefix, objectsIn, shopBucket } from './constructs/bucket.ts'
import { ServiceStack } from './constructs/service/service-stack.ts'
import type { Gateway, StackContext } from './constructs/stack-context.ts'

export class CatalogStack extends ServiceStack {
  constructor(scope: Construct, context: StackContext, gateway: Gateway) {
    super(scope, context, gateway, catalog)
    const files = shopBucket(this, 'files', context.stage)
    this.lend('put-incoming', objectsIn(files, incomingPrefix, ['put']))
    this.lend('get-incoming', objectsIn(files, incomingPrefix, ['get']))
    this.lend('token-issuer', (fn) => fn.addEnvironment('TOKEN_ISSUER', gateway.issuerUrl))
  }
}
