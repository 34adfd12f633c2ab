/** Buckets as stacks get them. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda'
import { objectsIn, shopBucket } from '../../cdk/constructs/bucket.ts'
import { stageNamed } from '../../cdk/stages.ts'
import type { Json } from '../support/service.ts'

const synthesise = (stageName: string) => {
  // Without CDK's own look at the templates, which takes most of a synthesis.
  const app = new App({ analyticsReporting: false, builtinCloudFormationValidation: false })
  const stack = new Stack(app, 'stack')
  const bucket = shopBucket(stack, 'bucket', stageNamed(stageName))
  const code = Code.fromAsset(join(import.meta.dirname, '../local/fixtures/functions/actor'))
  const fn = (id: string) =>
    new LambdaFunction(stack, id, { runtime: Runtime.NODEJS_24_X, handler: 'index.handler', code })
  const [writer, reader] = [fn('writer'), fn('reader')]
  objectsIn(bucket, 'incoming/', ['put'])(writer)
  objectsIn(bucket, 'avatars/', ['get', 'remove'])(reader)
  return Template.fromStack(stack)
}

const template = synthesise('dev')
const only = (type: string): Json => {
  const [resource, ...others] = Object.values<Json>(template.findResources(type))
  assert.deepEqual(others, [])
  return resource
}

describe('a bucket', () => {
  const { Properties } = only('AWS::S3::Bucket')

  test('is open to nobody, encrypted, and reached by TLS only', () => {
    assert.deepEqual(Properties.PublicAccessBlockConfiguration, {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    })
    assert.deepEqual(Properties.OwnershipControls, { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] })
    const [{ ServerSideEncryptionByDefault }] = Properties.BucketEncryption.ServerSideEncryptionConfiguration
    assert.deepEqual(ServerSideEncryptionByDefault, { SSEAlgorithm: 'AES256' })
    const [statement, ...others] = only('AWS::S3::BucketPolicy').Properties.PolicyDocument.Statement
    assert.deepEqual(others, [])
    const { Action, Condition, Effect, Principal } = statement
    assert.deepEqual(
      { Action, Condition, Effect, Principal },
      {
        Action: 's3:*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        Effect: 'Deny',
        Principal: { AWS: '*' },
      },
    )
  })

  test('forgets what came in, and half-sent files, after a day', () => {
    assert.deepEqual(Properties.LifecycleConfiguration.Rules, [
      { ExpirationInDays: 1, Id: 'incoming', Prefix: 'incoming/', Status: 'Enabled' },
      { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 }, Id: 'unfinished', Status: 'Enabled' },
    ])
    assert.equal(Properties.VersioningConfiguration, undefined)
  })

  test('lets pages of the shop upload, and nothing else', () => {
    const [rule, ...others] = Properties.CorsConfiguration.CorsRules
    assert.deepEqual(others, [])
    assert.deepEqual(rule.AllowedMethods, ['POST'])
    assert.deepEqual(rule.AllowedOrigins, [...stageNamed('dev').corsOrigins])
  })

  test('stays where the stage keeps its data; no function of CDK’s empties it', () => {
    const policyOf = (stage: string) =>
      Object.values<Json>(synthesise(stage).findResources('AWS::S3::Bucket'))[0].DeletionPolicy
    assert.deepEqual([policyOf('dev'), policyOf('prod')], ['Delete', 'RetainExceptOnCreate'])
    assert.equal(stageNamed('prod').removalPolicy, RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)
    const types = Object.values<Json>(template.toJSON().Resources).map(({ Type }) => Type)
    assert.deepEqual([...new Set(types)].toSorted(), [
      'AWS::IAM::Policy',
      'AWS::IAM::Role',
      'AWS::Lambda::Function',
      'AWS::S3::Bucket',
      'AWS::S3::BucketPolicy',
    ])
  })

  test('functions are given just what they do; readers learn what is missing', () => {
    const granted = Object.values<Json>(template.findResources('AWS::IAM::Policy')).map(({ Properties: policy }) =>
      policy.PolicyDocument.Statement.map(({ Action, Resource }: Json) => [
        Action,
        Resource['Fn::Join']?.[1].at(-1) ?? 'the bucket',
      ]),
    )
    assert.deepEqual(granted, [
      [['s3:PutObject', '/incoming/*']],
      [
        [['s3:GetObject', 's3:DeleteObject'], '/avatars/*'],
        ['s3:ListBucket', 'the bucket'],
      ],
    ])
    for (const { Properties: fn } of Object.values<Json>(template.findResources('AWS::Lambda::Function')))
      assert.ok(fn.Environment.Variables.BUCKET_NAME.Ref)
  })
})
