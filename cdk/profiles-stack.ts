/** Profiles, and the bucket with people's pictures. */
import type { Construct } from 'constructs'
import { profiles } from '../functions/profiles/contract.ts'
import { incomingPrefix, objectsIn, shopBucket } from './constructs/bucket.ts'
import { ServiceStack } from './constructs/service-stack.ts'
import type { Building, Gateway } from './constructs/shared.ts'

const picturePrefix = 'avatars/'

export class ProfilesStack extends ServiceStack {
  constructor(scope: Construct, building: Building, gateway: Gateway) {
    super(scope, building, gateway, profiles, (stack) => {
      const bucket = shopBucket(stack, 'pictures', building.stage)
      return {
        'let-upload': objectsIn(bucket, incomingPrefix, ['put']),
        'take-upload': objectsIn(bucket, incomingPrefix, ['get', 'remove']),
        'write-pictures': objectsIn(bucket, picturePrefix, ['put', 'remove']),
        'read-pictures': objectsIn(bucket, picturePrefix, ['get']),
        'remove-pictures': objectsIn(bucket, picturePrefix, ['remove']),
      }
    })
  }
}
