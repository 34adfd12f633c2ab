/** Profiles, and the bucket with people's pictures. */
import type { Construct } from 'constructs'
import { profiles } from '../functions/profiles/contract.ts'
import { incomingPrefix, objectsIn, shopBucket } from './constructs/bucket.ts'
import { ServiceStack } from './constructs/service/service-stack.ts'
import type { Gateway, StackContext } from './constructs/stack-context.ts'

const picturePrefix = 'avatars/'

export class ProfilesStack extends ServiceStack {
  constructor(scope: Construct, context: StackContext, gateway: Gateway) {
    super(scope, context, gateway, profiles)
    const bucket = shopBucket(this, 'pictures', context.stage)
    this.lend('let-upload', objectsIn(bucket, incomingPrefix, ['put']))
    this.lend('take-upload', objectsIn(bucket, incomingPrefix, ['get', 'remove']))
    this.lend('write-pictures', objectsIn(bucket, picturePrefix, ['put', 'remove']))
    this.lend('read-pictures', objectsIn(bucket, picturePrefix, ['get']))
    this.lend('remove-pictures', objectsIn(bucket, picturePrefix, ['remove']))
  }
}
