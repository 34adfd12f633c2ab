/** A service's bucket for what is too large for its table: uploads, pictures, files. */
import { CfnElement, Duration, Stack, Validations } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { BlockPublicAccess, Bucket, BucketEncryption, HttpMethods, ObjectOwnership } from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import type { Resource } from './shop-function.ts'
import type { Stage } from './stage.ts'

/** Where browsers upload to: what lies there is unchecked, and gone after a day. */
export const incomingPrefix = 'incoming/'

/**
 * Private, encrypted, reached by TLS only. Without versions: what is erased must be gone. A stage that destroys its stacks
 * cannot destroy a bucket that still holds objects; empty it first (`aws s3 rm --recursive`). The function with which CDK
 * would do so is left out, since it could do so at any time.
 */
export const shopBucket = (scope: Construct, id: string, stage: Stage): Bucket => {
  const bucket = new Bucket(scope, id, {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    removalPolicy: stage.removalPolicy,
    lifecycleRules: [
      { id: 'incoming', prefix: incomingPrefix, expiration: Duration.days(1) },
      { id: 'unfinished', abortIncompleteMultipartUploadAfter: Duration.days(1) },
    ],
    cors: [
      {
        allowedOrigins: [...stage.corsOrigins],
        allowedMethods: [HttpMethods.POST],
        allowedHeaders: ['content-type'],
        exposedHeaders: ['ETag', 'Location'],
        maxAge: 3600,
      },
    ],
  })
  Validations.of(bucket).acknowledge({
    id: 'AwsSolutions::AwsSolutions-S1',
    reason: 'Nobody reaches it but functions, whose logs tell what they did, and browsers by forms that these signed',
  })
  return bucket
}

/** What a function does with objects; who lets a browser upload must be allowed to `put`. */
export type ObjectAction = 'get' | 'put' | 'remove'

const actionNames: Readonly<Record<ObjectAction, string>> = {
  get: 's3:GetObject',
  put: 's3:PutObject',
  remove: 's3:DeleteObject',
}

/**
 * Lets a function do these actions below one prefix, and tells it the bucket by `BUCKET_NAME`. Who reads may also list the
 * bucket: else S3 answers for an object that is not there as it does for one that is forbidden.
 * @param prefix with its slash: `avatars/`
 */
export const objectsIn =
  (bucket: Bucket, prefix: string, actions: readonly ObjectAction[]): Resource =>
  (fn) => {
    fn.addToRolePolicy(
      new PolicyStatement({
        actions: actions.map((action) => actionNames[action]),
        resources: [bucket.arnForObjects(`${prefix}*`)],
      }),
    )
    if (actions.includes('get'))
      fn.addToRolePolicy(new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }))
    const { defaultChild } = bucket.node
    if (fn.role && CfnElement.isCfnElement(defaultChild))
      Validations.of(fn.role).acknowledge({
        id: `AwsSolutions::AwsSolutions-IAM5[Resource::<${Stack.of(bucket).getLogicalId(defaultChild)}.Arn>/${prefix}*]`,
        reason: 'Objects are named when they are made: the prefix is what can be granted',
      })
    fn.addEnvironment('BUCKET_NAME', bucket.bucketName)
  }
