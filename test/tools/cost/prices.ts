/**
 * What AWS asks, and how long its services take to answer. PRICES CHANGE: these are those of us-east-1 as far as known in
 * November 2026, without free tiers, volume discounts and taxes. Look at the pages before relying on them; other regions
 * ask up to a fifth more.
 */
export const pricesDated = '2026-11'
export const pricesRegion = 'us-east-1'

type Price = {
  label: string
  /** Dollars for a million of the unit. */
  perMillion: number
  unit: string
  source: string
}

/** By use. */
export const prices = {
  apiRequests: {
    label: 'HTTP API requests',
    perMillion: 1,
    unit: 'request of up to 512 KB',
    source: 'https://aws.amazon.com/api-gateway/pricing/',
  },
  bytesOut: {
    label: 'bytes to the internet',
    perMillion: 0.09 / 1_000,
    unit: 'byte ($0.09 per GB)',
    source: 'https://aws.amazon.com/ec2/pricing/on-demand/#Data_Transfer',
  },
  invocations: {
    label: 'Lambda requests',
    perMillion: 0.2,
    unit: 'request',
    source: 'https://aws.amazon.com/lambda/pricing/',
  },
  megabyteMs: {
    label: 'Lambda time',
    perMillion: 13.3334 / 1_024 / 1_000,
    unit: 'MB for a millisecond, arm64 ($0.0000133334 per GB-second)',
    source: 'https://aws.amazon.com/lambda/pricing/',
  },
  writeUnits: {
    label: 'DynamoDB writes',
    perMillion: 0.625,
    unit: 'write request unit, on demand',
    source: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  },
  readUnits: {
    label: 'DynamoDB reads',
    perMillion: 0.125,
    unit: 'read request unit, on demand; reading streams from Lambda is free',
    source: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  },
  events: {
    label: 'EventBridge events',
    perMillion: 1,
    unit: 'event of up to 64 KB',
    source: 'https://aws.amazon.com/eventbridge/pricing/',
  },
  queueRequests: {
    label: 'SQS requests',
    perMillion: 0.4,
    unit: 'request of up to 64 KB',
    source: 'https://aws.amazon.com/sqs/pricing/',
  },
  logBytes: {
    label: 'log bytes',
    perMillion: 0.5 / 1_000,
    unit: 'byte taken in ($0.50 per GB)',
    source: 'https://aws.amazon.com/cloudwatch/pricing/',
  },
  traces: {
    label: 'X-Ray traces',
    perMillion: 5,
    unit: 'trace recorded',
    source: 'https://aws.amazon.com/xray/pricing/',
  },
  signatures: {
    label: 'KMS signatures',
    perMillion: 3,
    unit: 'request with an RSA 2048 key ($0.03 per 10,000)',
    source: 'https://aws.amazon.com/kms/pricing/',
  },
  mails: {
    label: 'mails',
    perMillion: 100,
    unit: 'mail ($0.10 per 1,000)',
    source: 'https://aws.amazon.com/ses/pricing/',
  },
} as const satisfies Record<string, Price>

/** Units of capacity that stands ready, by the hour; on demand costs 3.5 times as much as one that is always used. */
export const provisionedHourly = {
  writeUnits: 0.00065,
  readUnits: 0.00013,
  source: 'https://aws.amazon.com/dynamodb/pricing/provisioned/',
} as const

const hoursPerMonth = 730

type Monthly = { label: string; dollars: number; source: string }

const cloudWatch = 'https://aws.amazon.com/cloudwatch/pricing/'

/** Dollars a month for what stands there, used or not. */
export const monthly = {
  /** AWS bills an alarm by the metrics that it watches. */
  'AWS::CloudWatch::Alarm': { label: 'metrics that alarms watch', dollars: 0.1, source: cloudWatch },
  'AWS::CloudWatch::CompositeAlarm': { label: 'composite alarms', dollars: 0.5, source: cloudWatch },
  'AWS::CloudWatch::Dashboard': { label: 'dashboards', dollars: 3, source: cloudWatch },
  'AWS::KMS::Key': { label: 'signing keys', dollars: 1, source: 'https://aws.amazon.com/kms/pricing/' },
  'AWS::SecretsManager::Secret': {
    label: 'secrets',
    dollars: 0.4,
    source: 'https://aws.amazon.com/secrets-manager/pricing/',
  },
  'AWS::WAFv2::WebACL': { label: 'WAF with three rules', dollars: 8, source: 'https://aws.amazon.com/waf/pricing/' },
  /** Following the load is free, but each policy makes four alarms of its own. */
  'AWS::ApplicationAutoScaling::ScalingPolicy': { label: 'scaling policies', dollars: 0.4, source: cloudWatch },
  /** Of tables whose capacity stands ready, at the least that the stage names. */
  readCapacity: {
    label: 'read units that stand ready',
    dollars: provisionedHourly.readUnits * hoursPerMonth,
    source: provisionedHourly.source,
  },
  writeCapacity: {
    label: 'write units that stand ready',
    dollars: provisionedHourly.writeUnits * hoursPerMonth,
    source: provisionedHourly.source,
  },
  /** What functions count themselves, for each service; Lambda's own metrics are free. */
  metric: { label: 'own metrics', dollars: 0.3, source: cloudWatch },
} as const satisfies Record<string, Monthly>

/** A queue that a function reads without a limit of its own is asked by two pollers, each of which waits 20 s for an answer. */
export const idlePollsPerMonth = (2 * 30 * 24 * 3_600) / 20

/** What cannot be measured on this machine. */
export const assumptions = {
  /** Memory (MB) at which a function has one whole processor; with less, the same work takes longer in proportion. */
  wholeProcessorMegabytes: 1_769,
  /** While a function waits for others it is billed by the memory that most are given. */
  waitingMegabytes: 512,
  /**
   * Where a stage lets X-Ray record of its own accord: the first request of each second, and this part of the others.
   * Lambda's rate, which cannot be changed: https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
   */
  tracedShareOfOthers: 0.05,
  /** An instance without work is ended after some minutes; the next request waits for a new one. */
  keptWarmSeconds: 360,
  /**
   * A new instance's first milliseconds, billed since August 2025 like the others:
   * https://aws.amazon.com/blogs/compute/aws-lambda-standardizes-billing-for-init-phase/
   */
  initMs: 400,
  /** A scheduled run that finds nothing to do: a read of half a unit. */
  idleRunMs: 60,
  /** With `Prefer: wait` a request stays until payer or provider have decided, and looks after the order meanwhile. */
  waiting: { ms: 2_000, readUnits: 8 },
  /** Part of the capacity that is used where it stands ready: what auto scaling aims at. */
  usedShare: 0.7,
  /** 30 days after its delivery an order is completed: its item with an index, one event, a share of a run each minute. */
  completion: { writeUnits: 3, readUnits: 1, events: 1, invocations: 1, waitMs: 30 },
  /** Bytes of an answer's headers, TLS records included. */
  headerBytes: 700,
  /** Milliseconds until a service within the region has answered, by the beginning of the action's name. */
  waitMs: {
    'dynamodb:Get': 4,
    'dynamodb:BatchGet': 6,
    'dynamodb:Query': 6,
    'dynamodb:': 7,
    'events:': 15,
    'kms:': 12,
    'lambda:': 30,
    'ses:': 60,
    'sqs:': 10,
    's3:': 25,
    'secretsmanager:': 20,
  },
} as const
