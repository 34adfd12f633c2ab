/** Whether anything is left of the shop's stacks: each service is asked itself what it has. */
import { ApiGatewayV2Client, GetApisCommand } from '@aws-sdk/client-apigatewayv2'
import { CloudWatchClient, paginateDescribeAlarms, paginateListDashboards } from '@aws-sdk/client-cloudwatch'
import { CloudWatchLogsClient, paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs'
import { DynamoDBClient, paginateListTables } from '@aws-sdk/client-dynamodb'
import { EventBridgeClient, ListEventBusesCommand, ListRulesCommand } from '@aws-sdk/client-eventbridge'
import { IAMClient, paginateListRoles } from '@aws-sdk/client-iam'
import { DescribeKeyCommand, KMSClient, paginateListAliases, paginateListKeys } from '@aws-sdk/client-kms'
import { LambdaClient, paginateListEventSourceMappings, paginateListFunctions } from '@aws-sdk/client-lambda'
import { paginateListBuckets, S3Client } from '@aws-sdk/client-s3'
import { paginateListSecrets, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { ListConfigurationSetsCommand, SESClient } from '@aws-sdk/client-ses'
import { paginateListTopics, SNSClient } from '@aws-sdk/client-sns'
import { paginateListQueues, SQSClient } from '@aws-sdk/client-sqs'
import { type Resource, stackNames } from './stacks.ts'
import { clientSettings, type Emulator, stage } from './which.ts'

/** Names or ids of all there are, as CloudFormation spells them. */
type List = (settings: ReturnType<typeof clientSettings>) => Promise<(string | undefined)[]>

/** All pages as one list. */
const all = async <Page>(
  pages: AsyncIterable<Page>,
  read: (page: Page) => (string | undefined)[] | undefined,
): Promise<(string | undefined)[]> => {
  const found: (string | undefined)[] = []
  for await (const page of pages) found.push(...(read(page) ?? []))
  return found
}

/** Keys cannot be deleted at once, on AWS no sooner than after seven days; those that wait for it are as good as gone. */
const livingKeys: List = async (settings) => {
  const client = new KMSClient(settings)
  const ids = await all(paginateListKeys({ client }, {}), ({ Keys }) => Keys?.map(({ KeyId }) => KeyId))
  const keys = await Promise.all(ids.map((KeyId) => client.send(new DescribeKeyCommand({ KeyId }))))
  return keys.flatMap(({ KeyMetadata }) => (KeyMetadata?.KeyState === 'PendingDeletion' ? [] : [KeyMetadata?.KeyId]))
}

const lists: Readonly<Record<string, List>> = {
  'AWS::ApiGatewayV2::Api': async (settings) => {
    const { Items = [] } = await new ApiGatewayV2Client(settings).send(new GetApisCommand({ MaxResults: '500' }))
    return Items.map(({ ApiId }) => ApiId)
  },
  'AWS::CloudWatch::Alarm': (settings) =>
    all(paginateDescribeAlarms({ client: new CloudWatchClient(settings) }, {}), ({ MetricAlarms }) =>
      MetricAlarms?.map(({ AlarmName }) => AlarmName),
    ),
  'AWS::CloudWatch::CompositeAlarm': (settings) => {
    const client = new CloudWatchClient(settings)
    return all(paginateDescribeAlarms({ client }, { AlarmTypes: ['CompositeAlarm'] }), ({ CompositeAlarms }) =>
      CompositeAlarms?.map(({ AlarmName }) => AlarmName),
    )
  },
  /** Of this stage only: the SDK cannot read the times that MiniStack tells of those that are there. */
  'AWS::CloudWatch::Dashboard': (settings) => {
    const query = { DashboardNamePrefix: stage.prefix }
    return all(paginateListDashboards({ client: new CloudWatchClient(settings) }, query), ({ DashboardEntries }) =>
      DashboardEntries?.map(({ DashboardName }) => DashboardName),
    )
  },
  'AWS::DynamoDB::Table': (settings) =>
    all(paginateListTables({ client: new DynamoDBClient(settings) }, {}), ({ TableNames }) => TableNames),
  'AWS::Events::EventBus': async (settings) => {
    const { EventBuses = [] } = await new EventBridgeClient(settings).send(new ListEventBusesCommand({}))
    return EventBuses.map(({ Name }) => Name)
  },
  /** Those of the default bus; others go with their bus. */
  'AWS::Events::Rule': async (settings) => {
    const { Rules = [] } = await new EventBridgeClient(settings).send(new ListRulesCommand({}))
    return Rules.map(({ Name }) => Name)
  },
  'AWS::IAM::Role': (settings) =>
    all(paginateListRoles({ client: new IAMClient(settings) }, {}), ({ Roles }) =>
      Roles?.map(({ RoleName }) => RoleName),
    ),
  'AWS::KMS::Alias': (settings) =>
    all(paginateListAliases({ client: new KMSClient(settings) }, {}), ({ Aliases }) =>
      Aliases?.map(({ AliasName }) => AliasName),
    ),
  'AWS::KMS::Key': livingKeys,
  'AWS::Lambda::EventSourceMapping': (settings) =>
    all(paginateListEventSourceMappings({ client: new LambdaClient(settings) }, {}), ({ EventSourceMappings }) =>
      EventSourceMappings?.map(({ UUID }) => UUID),
    ),
  'AWS::Lambda::Function': (settings) =>
    all(paginateListFunctions({ client: new LambdaClient(settings) }, {}), ({ Functions }) =>
      Functions?.map(({ FunctionName }) => FunctionName),
    ),
  'AWS::Logs::LogGroup': (settings) =>
    all(paginateDescribeLogGroups({ client: new CloudWatchLogsClient(settings) }, {}), ({ logGroups }) =>
      logGroups?.map(({ logGroupName }) => logGroupName),
    ),
  'AWS::S3::Bucket': (settings) =>
    all(paginateListBuckets({ client: new S3Client({ ...settings, forcePathStyle: true }) }, {}), ({ Buckets }) =>
      Buckets?.map(({ Name }) => Name),
    ),
  'AWS::SES::ConfigurationSet': async (settings) => {
    const { ConfigurationSets = [] } = await new SESClient(settings).send(new ListConfigurationSetsCommand({}))
    return ConfigurationSets.map(({ Name }) => Name)
  },
  'AWS::SNS::Topic': (settings) =>
    all(paginateListTopics({ client: new SNSClient(settings) }, {}), ({ Topics }) =>
      Topics?.map(({ TopicArn }) => TopicArn),
    ),
  'AWS::SQS::Queue': (settings) =>
    all(paginateListQueues({ client: new SQSClient(settings) }, {}), ({ QueueUrls }) => QueueUrls),
  'AWS::SecretsManager::Secret': (settings) =>
    all(paginateListSecrets({ client: new SecretsManagerClient(settings) }, {}), ({ SecretList }) =>
      SecretList?.map(({ ARN }) => ARN),
    ),
}

/** What is part of something else, and gone with it; and saved queries, which MiniStack neither makes nor lists. */
const parts = [
  'AWS::ApiGatewayV2::Authorizer',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Stage',
  'AWS::IAM::Policy',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::Permission',
  'AWS::Logs::QueryDefinition',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Subscription',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
]

/** Whether we know how to look for what is left of a type: see its test when the shop begins to use a new one. */
export const canLookFor = (type: string): boolean => type in lists || parts.includes(type)

/** Whether a name is one of this shop's: physical names begin with the stage's prefix, log groups' have it in their middle. */
export const isOurs = (name: string): boolean =>
  name.startsWith(stage.prefix) || name.split(/[/:]/).some((part) => part.startsWith(`${stage.prefix}-`))

/**
 * What is still there: of the resources that stood in the stacks, and of all that is named as if it were ours.
 * @param before what the stacks held before they were destroyed
 */
export const leftovers = async (emulator: Emulator, before: readonly Resource[]): Promise<Resource[]> => {
  const held = new Set(before.map(({ type, id }) => `${type} ${id}`))
  const left: Resource[] = (await stackNames(emulator)).map((id) => ({ type: 'AWS::CloudFormation::Stack', id }))
  for (const [type, list] of Object.entries(lists))
    for (const id of await list(clientSettings(emulator)))
      if (id !== undefined && (held.has(`${type} ${id}`) || isOurs(id))) left.push({ type, id })
  return left
}
