/** The AWS APIs of one shop: the one that runs on this machine, or a stage on AWS. */
import { join, resolve } from 'node:path'
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { SQSClient } from '@aws-sdk/client-sqs'
import { readAnnouncement } from '../../local/state/announcement.ts'
import { stageNamed, stageNames } from '../../stages.ts'
import { CannotError } from './cannot-error.ts'

export type Access = {
  /** For people: which shop this is. */
  shop: string
  /** Begins every deployed name: `shop-dev`. */
  prefix: string
  sqs: SQSClient
  streams: DynamoDBStreamsClient
  lambda: LambdaClient
  /** Where the functions' logs lie as files; undefined on AWS, where they lie in CloudWatch. */
  logsDirectory: string | undefined
}

const clients = (settings: ConstructorParameters<typeof LambdaClient>[0] & object = {}) => ({
  sqs: new SQSClient({ ...settings, useQueueUrlAsEndpoint: false }),
  streams: new DynamoDBStreamsClient(settings),
  lambda: new LambdaClient(settings),
})

/**
 * @param folder where the running shop keeps its data
 * @throws CannotError when no shop runs there
 */
export const openLocal = (folder: string): Access => {
  const found = readAnnouncement(folder)
  if (!found)
    throw new CannotError(
      `no shop runs on ${resolve(folder)}`,
      'open it with npm start, give its folder with --folder, or say --stage for one on AWS',
    )
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  return {
    shop: 'the shop on this machine',
    prefix: stageNamed('dev').prefix,
    ...clients({ endpoint: found.awsEndpoint, region: found.region, credentials }),
    logsDirectory: join(folder, 'logs'),
  }
}

/** Region and credentials are whatever the SDK finds: variables, a profile, a role. @throws CannotError for an unknown stage */
export const openStage = (name: string): Access => {
  if (!stageNames.includes(name))
    throw new CannotError(`unknown stage "${name}"`, `say --stage ${stageNames.join(', or --stage ')}`)
  return { shop: `stage ${name}`, prefix: stageNamed(name).prefix, ...clients(), logsDirectory: undefined }
}
