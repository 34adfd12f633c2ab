import { objectOf, textOf } from './json.ts'
import {
  apiId,
  arn,
  bucketName,
  busOf,
  byLogicalId,
  functionName,
  hash,
  type Identity,
  keyId,
  logGroupName,
  named,
  queueName,
  roleName,
  ruleName,
  secretArn,
  tableName,
} from './resource-names.ts'

/** The properties of a type that the local cloud knows; `true` takes whatever stands there. */
export type Shape = true | { [property: string]: Shape }

export type ResourceType = {
  shape: Shape
  ref: (identity: Identity) => string
  attributes?: { [name: string]: (identity: Identity) => string }
}

/** Every stream has this label: what the engine calls it is not known before the table is made. */
export const streamLabel = '2026-01-01T00:00:00.000'

const filterCriteria: Shape = { Filters: { Pattern: true } }

/** Each resource type that can run here, or that needs nothing to run (alarms, dashboards, log groups). */
export const resourceTypes: { [type: string]: ResourceType | undefined } = {
  'AWS::ApiGatewayV2::Api': {
    shape: {
      Name: true,
      Description: true,
      ProtocolType: true,
      Tags: true,
      CorsConfiguration: {
        AllowCredentials: true,
        AllowHeaders: true,
        AllowMethods: true,
        AllowOrigins: true,
        ExposeHeaders: true,
        MaxAge: true,
      },
    },
    ref: apiId,
    attributes: { ApiId: apiId, ApiEndpoint: (i) => i.apiUrl(i.stack, i.logicalId) },
  },
  'AWS::ApiGatewayV2::Authorizer': {
    shape: {
      ApiId: true,
      AuthorizerType: true,
      IdentitySource: true,
      Name: true,
      JwtConfiguration: { Audience: true, Issuer: true },
    },
    ref: byLogicalId,
    attributes: { AuthorizerId: byLogicalId },
  },
  'AWS::ApiGatewayV2::Integration': {
    shape: {
      ApiId: true,
      Description: true,
      IntegrationType: true,
      IntegrationMethod: true,
      IntegrationUri: true,
      PayloadFormatVersion: true,
      TimeoutInMillis: true,
    },
    ref: byLogicalId,
  },
  'AWS::ApiGatewayV2::Route': {
    shape: {
      ApiId: true,
      AuthorizationScopes: true,
      AuthorizationType: true,
      AuthorizerId: true,
      OperationName: true,
      RouteKey: true,
      Target: true,
    },
    ref: byLogicalId,
  },
  'AWS::ApiGatewayV2::Stage': {
    shape: {
      AccessLogSettings: { DestinationArn: true, Format: true },
      ApiId: true,
      AutoDeploy: true,
      DefaultRouteSettings: { DetailedMetricsEnabled: true, ThrottlingBurstLimit: true, ThrottlingRateLimit: true },
      Description: true,
      RouteSettings: true,
      StageName: true,
      Tags: true,
    },
    ref: (i) => textOf(i.properties.StageName),
  },
  'AWS::CloudWatch::Alarm': {
    shape: true,
    ref: named('AlarmName', 255),
    attributes: { Arn: arn('cloudwatch', (i) => `alarm:${named('AlarmName', 255)(i)}`) },
  },
  'AWS::CloudWatch::CompositeAlarm': {
    shape: true,
    ref: named('AlarmName', 255),
    attributes: { Arn: arn('cloudwatch', (i) => `alarm:${named('AlarmName', 255)(i)}`) },
  },
  'AWS::CloudWatch::Dashboard': { shape: true, ref: named('DashboardName', 255) },
  'AWS::DynamoDB::Table': {
    shape: {
      AttributeDefinitions: true,
      BillingMode: true,
      DeletionProtectionEnabled: true,
      GlobalSecondaryIndexes: {
        IndexName: true,
        KeySchema: true,
        Projection: true,
        OnDemandThroughput: true,
        ContributorInsightsSpecification: true,
      },
      KeySchema: true,
      OnDemandThroughput: true,
      PointInTimeRecoverySpecification: true,
      SSESpecification: true,
      StreamSpecification: { StreamViewType: true },
      TableClass: true,
      TableName: true,
      Tags: true,
      TimeToLiveSpecification: { AttributeName: true, Enabled: true },
    },
    ref: tableName,
    attributes: {
      Arn: arn('dynamodb', (i) => `table/${tableName(i)}`),
      StreamArn: arn('dynamodb', (i) => `table/${tableName(i)}/stream/${streamLabel}`),
    },
  },
  'AWS::Events::EventBus': {
    shape: { Name: true, Description: true, Tags: true, LogConfig: true },
    ref: named('Name', 256),
    attributes: { Arn: arn('events', (i) => `event-bus/${named('Name', 256)(i)}`), Name: named('Name', 256) },
  },
  'AWS::Events::Rule': {
    shape: {
      Description: true,
      EventBusName: true,
      EventPattern: true,
      Name: true,
      ScheduleExpression: true,
      State: true,
      Tags: true,
      Targets: {
        Arn: true,
        DeadLetterConfig: { Arn: true },
        Id: true,
        Input: true,
        RetryPolicy: { MaximumEventAgeInSeconds: true, MaximumRetryAttempts: true },
      },
    },
    ref: ruleName,
    attributes: {
      Arn: arn('events', (i) => `rule/${busOf(i) === 'default' ? '' : `${busOf(i)}/`}${ruleName(i)}`),
    },
  },
  'AWS::IAM::Policy': {
    shape: { PolicyDocument: true, PolicyName: true, Roles: true },
    ref: named('PolicyName', 128),
  },
  'AWS::IAM::Role': {
    shape: {
      AssumeRolePolicyDocument: true,
      Description: true,
      ManagedPolicyArns: true,
      MaxSessionDuration: true,
      Policies: { PolicyDocument: true, PolicyName: true },
      RoleName: true,
      Tags: true,
    },
    ref: roleName,
    attributes: { Arn: arn('iam', (i) => `role/${roleName(i)}`), RoleId: (i) => `AROA${hash(i, 17).toUpperCase()}` },
  },
  'AWS::KMS::Alias': {
    shape: { AliasName: true, TargetKeyId: true },
    ref: (i) => textOf(i.properties.AliasName),
  },
  'AWS::KMS::Key': {
    shape: {
      Description: true,
      EnableKeyRotation: true,
      Enabled: true,
      KeyPolicy: true,
      KeySpec: true,
      KeyUsage: true,
      MultiRegion: true,
      PendingWindowInDays: true,
      Tags: true,
    },
    ref: keyId,
    attributes: { Arn: arn('kms', (i) => `key/${keyId(i)}`), KeyId: keyId },
  },
  'AWS::Lambda::EventInvokeConfig': {
    shape: {
      DestinationConfig: { OnFailure: { Destination: true } },
      FunctionName: true,
      MaximumRetryAttempts: true,
      Qualifier: true,
    },
    ref: byLogicalId,
  },
  'AWS::Lambda::EventSourceMapping': {
    shape: {
      BatchSize: true,
      BisectBatchOnFunctionError: true,
      DestinationConfig: { OnFailure: { Destination: true } },
      Enabled: true,
      EventSourceArn: true,
      FilterCriteria: filterCriteria,
      FunctionName: true,
      FunctionResponseTypes: true,
      MaximumBatchingWindowInSeconds: true,
      MaximumRecordAgeInSeconds: true,
      MaximumRetryAttempts: true,
      MetricsConfig: true,
      ParallelizationFactor: true,
      ScalingConfig: { MaximumConcurrency: true },
      StartingPosition: true,
      Tags: true,
    },
    ref: byLogicalId,
  },
  'AWS::Lambda::Function': {
    shape: {
      Architectures: true,
      Code: { S3Bucket: true, S3Key: true },
      Description: true,
      Environment: { Variables: true },
      FunctionName: true,
      Handler: true,
      LoggingConfig: { ApplicationLogLevel: true, LogFormat: true, LogGroup: true, SystemLogLevel: true },
      MemorySize: true,
      // Runaway loops are not looked for here.
      RecursiveLoop: true,
      ReservedConcurrentExecutions: true,
      Role: true,
      Runtime: true,
      Tags: true,
      Timeout: true,
      TracingConfig: { Mode: true },
    },
    ref: functionName,
    attributes: { Arn: arn('lambda', (i) => `function:${functionName(i)}`) },
  },
  'AWS::Lambda::Permission': {
    shape: { Action: true, FunctionName: true, Principal: true, SourceAccount: true, SourceArn: true },
    ref: byLogicalId,
  },
  'AWS::Logs::LogGroup': {
    shape: true,
    ref: logGroupName,
    attributes: { Arn: arn('logs', (i) => `log-group:${logGroupName(i)}:*`) },
  },
  'AWS::Logs::QueryDefinition': { shape: true, ref: byLogicalId },
  'AWS::S3::Bucket': {
    shape: {
      BucketEncryption: true,
      BucketName: true,
      CorsConfiguration: {
        CorsRules: {
          AllowedHeaders: true,
          AllowedMethods: true,
          AllowedOrigins: true,
          ExposedHeaders: true,
          MaxAge: true,
        },
      },
      LifecycleConfiguration: {
        Rules: {
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: true },
          ExpirationInDays: true,
          Id: true,
          Prefix: true,
          Status: true,
        },
      },
      OwnershipControls: true,
      PublicAccessBlockConfiguration: true,
      Tags: true,
    },
    ref: bucketName,
    attributes: { Arn: (i) => `arn:aws:s3:::${bucketName(i)}` },
  },
  'AWS::S3::BucketPolicy': { shape: { Bucket: true, PolicyDocument: true }, ref: byLogicalId },
  'AWS::SecretsManager::Secret': {
    shape: {
      Description: true,
      GenerateSecretString: {
        ExcludeCharacters: true,
        ExcludeLowercase: true,
        ExcludeNumbers: true,
        ExcludePunctuation: true,
        ExcludeUppercase: true,
        GenerateStringKey: true,
        IncludeSpace: true,
        PasswordLength: true,
        RequireEachIncludedType: true,
        SecretStringTemplate: true,
      },
      Name: true,
      SecretString: true,
      Tags: true,
    },
    ref: secretArn,
    attributes: { Id: secretArn },
  },
  'AWS::SNS::Subscription': { shape: true, ref: byLogicalId },
  'AWS::SNS::Topic': {
    shape: true,
    ref: arn('sns', named('TopicName', 256)),
    attributes: { TopicArn: arn('sns', named('TopicName', 256)), TopicName: named('TopicName', 256) },
  },
  'AWS::SNS::TopicPolicy': { shape: true, ref: byLogicalId },
  'AWS::SQS::Queue': {
    shape: {
      DelaySeconds: true,
      KmsMasterKeyId: true,
      MessageRetentionPeriod: true,
      QueueName: true,
      ReceiveMessageWaitTimeSeconds: true,
      RedriveAllowPolicy: true,
      RedrivePolicy: { deadLetterTargetArn: true, maxReceiveCount: true },
      SqsManagedSseEnabled: true,
      Tags: true,
      VisibilityTimeout: true,
    },
    ref: (i) => `${i.awsEndpoint}/${i.account}/${queueName(i)}`,
    attributes: {
      Arn: arn('sqs', queueName),
      QueueName: queueName,
      QueueUrl: (i) => `${i.awsEndpoint}/${i.account}/${queueName(i)}`,
    },
  },
  'AWS::SQS::QueuePolicy': { shape: { PolicyDocument: true, Queues: true }, ref: byLogicalId },
}

/** The managed policies that AWS keeps, as far as they are of use here: both allow only logs and traces. */
export const knownManagedPolicies = new Set(
  ['service-role/AWSLambdaBasicExecutionRole', 'AWSXRayDaemonWriteAccess', 'AWSXrayWriteOnlyAccess'].map(
    (name) => `arn:aws:iam::aws:policy/${name}`,
  ),
)

/** Names a property that `shape` does not know, as a dotted path. */
export const unknownProperty = (shape: Shape, value: unknown, path = ''): string | undefined => {
  if (shape === true) return undefined
  for (const entry of Array.isArray(value) ? value : [value]) {
    for (const [property, content] of Object.entries(objectOf(entry))) {
      const at = path === '' ? property : `${path}.${property}`
      const inner = shape[property]
      const unknown = inner === undefined ? at : unknownProperty(inner, content, at)
      if (unknown !== undefined) return unknown
    }
  }
  return undefined
}
