/** What can be configured for a stage, what is allowed there, and what holds where nothing is said. */
import { RemovalPolicy } from 'aws-cdk-lib'
import { RetentionDays } from 'aws-cdk-lib/aws-logs'
import * as z from 'zod/mini'
import type { PaymentProviderDeclaration } from '../../functions/payments/providers/declaration.ts'
import { providers } from '../../functions/payments/providers/registered.ts'
import { beginOf, SigningKey } from '../../shared/contract/signing-keys.ts'
import { defaultUnitsPerLine } from '../../shared/runtime/order-limits.ts'
import { isOrigin } from './origin.ts'

z.config(z.locales.en())

/** A bad value is answered with what would be a good one. */
const text = (pattern: RegExp, allowed: string) => z.string().check(z.regex(pattern, `must be ${allowed}`))

const whole = (from: number, to: number) =>
  z
    .number(`must be a whole number from ${from} to ${to}`)
    .check(z.refine((n) => Number.isInteger(n) && n >= from && n <= to, `must be a whole number from ${from} to ${to}`))

const email = text(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'an e-mail address')
const hostName = text(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, 'a host name such as api.example.com')
const functionPath = text(/^[a-z-]+\/[a-z-]+$/, 'a service and its function, such as orders/place-order')
const tablePath = text(/^[a-z-]+\/[a-z-]+$/, 'a service and its further table, such as catalog/search')
const certificateArn = text(/^arn:[\w-]+:acm:[\w-]+:\d{12}:certificate\/.+$/, 'the ARN of a certificate of ACM')

const origin = z
  .string()
  .check(z.refine(isOrigin, 'must be an origin such as https://www.example.com: no path, no slash at its end, no *'))

const LogLevel = z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR'], 'must be DEBUG, INFO, WARN or ERROR')

const Throttle = {
  /** Held over time. */
  requestsPerSecond: whole(1, 100_000),
  /** So many at once. */
  burst: whole(1, 100_000),
}

/** Capacity units a second. */
const Range = { from: whole(1, 40_000), to: whole(1, 40_000) }

/** `name` is the API's address; its DNS is set up here where the hosted zone is named, and by hand where a certificate is. */
const Domain = z.union(
  [
    z.strictObject({
      name: hostName,
      hostedZone: z.strictObject({ id: text(/^Z[A-Z0-9]+$/, "a hosted zone's id, such as Z0123ABC"), name: hostName }),
    }),
    z.strictObject({ name: hostName, certificateArn }),
  ],
  'must be { name, hostedZone: { id, name } } or { name, certificateArn }',
)

export const StageSettings = z.strictObject({
  /** `-c stage=` names it. */
  name: text(/^[a-z]{1,20}$/, '1 to 20 small letters'),
  /** Begins every physical name: `shop-dev-orders-place-order`. */
  prefix: text(/^[a-z][a-z0-9-]{0,18}[a-z0-9]$/, '2 to 20 small letters, digits and hyphens, beginning with a letter'),
  shop: z.strictObject({
    name: z.string().check(z.minLength(1), z.maxLength(60)),
    /** ISO 4217. */
    currency: text(/^[A-Z]{3}$/, 'a code of ISO 4217 such as EUR'),
    /** true: prices are shown including tax; false: tax is added at checkout. */
    pricesIncludeTax: z.boolean(),
    /** The sender of the shop's mail; on AWS an identity verified in SES. */
    mailFrom: email,
    limits: z._default(
      z.strictObject({
        /** Of one variant in one order: what a single order may keep from everybody else until it is paid. */
        unitsPerLine: z._default(whole(1, 999), defaultUnitsPerLine),
        /** That guests of one network may order in a quarter of an hour. Without, as many as they like. */
        guestUnitsPerNetwork: z.optional(whole(1, 1_000_000)),
      }),
      { unitsPerLine: defaultUnitsPerLine },
    ),
  }),
  /**
   * Whether SES writes to verified addresses only, as in every new account until AWS lifts that: it then asks for the
   * permission of the recipient's identity too.
   */
  mailSandbox: z._default(z.boolean(), false),
  /** Origins whose pages may call the API from a browser. */
  corsOrigins: z.readonly(z.array(origin).check(z.maxLength(50))),
  logLevel: z._default(LogLevel, 'INFO'),
  /** Part of the invocations, 0 to 1, that log all down to DEBUG, whatever `logLevel` says: to a hundredth more or less. */
  debugSample: z._default(
    z
      .number('must be a number from 0 to 1')
      .check(z.minimum(0, 'must be a number from 0 to 1'), z.maximum(1, 'must be a number from 0 to 1')),
    0,
  ),
  /** Functions that log at another level than the stage: `{ 'orders/place-order': 'DEBUG' }`. */
  logLevels: z._default(z.record(functionPath, LogLevel), {}),
  logRetention: z._default(
    z.enum(RetentionDays, 'must be one of RetentionDays: CloudWatch knows these numbers of days only'),
    RetentionDays.ONE_MONTH,
  ),
  /**
   * What becomes of tables, keys, secrets and buckets when their stack is deleted. Those of a first deployment that failed
   * always go: what stayed would stand in the way of the next try.
   */
  removalPolicy: z.enum({
    DESTROY: RemovalPolicy.DESTROY,
    RETAIN_ON_UPDATE_OR_DELETE: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  }),
  /** Tables refuse to be deleted. */
  deletionProtection: z.boolean(),
  /** For the API as a whole, and for routes of their own, which then do not count with the others: `POST /orders`. */
  throttle: z.strictObject({
    ...Throttle,
    routes: z._default(
      z.record(text(/^(GET|POST|PUT|PATCH|DELETE) \//, 'a route such as POST /orders'), z.strictObject(Throttle)),
      {},
    ),
    /** Read units that further tables of services give each second, at most: `{ 'catalog/search': … }`. */
    tables: z._default(z.record(tablePath, z.strictObject({ readUnitsPerSecond: whole(1, 40_000) })), {}),
  }),
  /** The keys that sign access tokens, the oldest first; `npm run rotate-key` keeps the list. */
  signingKeys: z.readonly(z.array(SigningKey).check(z.minLength(1, 'must name one key at least'))),
  /** Who moves the money; functions/payments/providers says what each needs. */
  paymentProvider: z.enum(providers.map(({ name }) => name)),
  /** Instances that are kept warm, by function: `{ 'orders/place-order': 2 }`. They cost by the hour. */
  provisionedConcurrency: z._default(z.record(functionPath, whole(1, 1_000)), {}),
  /**
   * Instances that a function has for itself, and no more, by function: `{ 'issuer/jwks': 10 }`. Taken from the account's,
   * of which 100 must be left to all others: a new account has too few.
   */
  reservedConcurrency: z._default(z.record(functionPath, whole(1, 1_000)), {}),
  /** Functions whose new version takes a tenth of the work at first, and goes back by itself where it fails. */
  gradual: z._default(z.readonly(z.array(functionPath)), []),
  /** Where alarms and the budget are told; SNS asks there for consent first. Others subscribe to the topic `<prefix>-alarms`. */
  alarmEmail: z.optional(email),
  /**
   * `some`: alarms on what is undone or should never be, and on the API's failures; no overview. `full`: also on what is slow,
   * behind or throttled, on how fast the error budget goes, and the overview. COSTS.md says what each costs.
   */
  watch: z._default(z.enum(['full', 'some'], 'must be full or some'), 'full'),
  /** Services that have a dashboard of their own, or `all`: CloudWatch takes 3 USD a month for each. */
  serviceDashboards: z._default(
    z.union(
      [z.literal('all'), z.readonly(z.array(z.string()))],
      "must be 'all' or a list of services such as ['orders']",
    ),
    'all',
  ),
  /**
   * `active`: X-Ray records the first request of each second and 5 % of the others, of each function with a route: in a quiet
   * shop nearly all, at 5 USD a million. `pass-through`: those that ask for it (`X-Amzn-Trace-Id: Root=…;Sampled=1`).
   */
  tracing: z._default(z.enum(['active', 'pass-through'], 'must be active or pass-through'), 'active'),
  /**
   * Tables, by service, whose capacity stands ready and follows the load, where others are paid by use. Cheaper where load is
   * steady: a unit that is used a third of the time costs the same. Units a second, of the table and of each index.
   */
  provisionedCapacity: z._default(
    z.record(z.string(), z.strictObject({ readUnits: z.strictObject(Range), writeUnits: z.strictObject(Range) })),
    {},
  ),
  /** Tells `alarmEmail` when the account's bill of a month comes near: US dollars. One account for each stage is assumed. */
  budget: z.optional(z.strictObject({ monthlyDollars: whole(1, 1_000_000) })),
  /** The API's own address. Without, it is the one that API Gateway gives. */
  domain: z.optional(Domain),
  /** CloudFront with WAF in front of `domain`, under a name of its own. Its certificate must be of us-east-1. */
  edge: z.optional(
    z.strictObject({
      name: hostName,
      certificateArn: text(
        /^arn:[\w-]+:acm:us-east-1:\d{12}:certificate\/.+$/,
        'the ARN of a certificate of us-east-1',
      ),
      /**
       * SHA-256, in hexadecimal, of what CloudFront shows the API so that nobody can go around it. It sends the first one's
       * secret, which Secrets Manager of us-east-1 holds as `<prefix>-origin-<the hash's first 12 digits>`; the API takes all.
       */
      originSecretHashes: z
        .readonly(z.array(text(/^[0-9a-f]{64}$/, 'the SHA-256 of a secret, 64 hexadecimal digits')))
        .check(z.minLength(1, 'must name one secret at least'), z.maxLength(2, 'must name two secrets at most')),
      /** From one network address, before it is refused for a while. */
      requestsPerFiveMinutes: z._default(whole(10, 2_000_000_000), 10_000),
    }),
  ),
  /** Services whose table was restored under another name, by the ARN of its stream; see cdk/operate/RUNBOOK.md. */
  restoredTables: z._default(
    z.record(
      z.string(),
      text(/^arn:[\w-]+:dynamodb:[\w-]+:\d{12}:table\/[\w.-]+\/stream\/.+$/, "the ARN of a table's stream"),
    ),
    {},
  ),
  /** Roles for the GitHub workflow of this repository; see .github/workflows/deploy.yml. */
  pipeline: z.optional(
    z.strictObject({
      repository: text(/^[\w.-]+\/[\w.-]+$/, 'owner/name of a repository on GitHub'),
      /** Whether the workflow may make a staff account, as the smoke test of the whole shop needs. Not for production. */
      makesStaff: z._default(z.boolean(), false),
    }),
  ),
})

export type StageSettings = z.input<typeof StageSettings>
export type Stage = Readonly<z.output<typeof StageSettings>>

/** The payment provider that a stage names. */
export const providerOf = ({ paymentProvider }: Pick<Stage, 'paymentProvider'>): PaymentProviderDeclaration => {
  const provider = providers.find(({ name }) => name === paymentProvider)
  if (!provider) throw new Error(`there is no payment provider ${paymentProvider}`)
  return provider
}

/** Where the provider's files are, relative to the project. */
export const providerFolder = ({ paymentProvider }: Pick<Stage, 'paymentProvider'>): string =>
  `functions/payments/providers/${paymentProvider}`

/** @returns what contradicts itself: a field's path, and why */
const contradictions = ({ alarmEmail, budget, domain, edge, signingKeys, provisionedCapacity }: Stage): string[] => [
  ...Object.entries(provisionedCapacity).flatMap(([service, { readUnits, writeUnits }]) =>
    readUnits.from > readUnits.to || writeUnits.from > writeUnits.to
      ? [`provisionedCapacity.${service}: from is more than to`]
      : [],
  ),
  ...(new Set(signingKeys.map(({ name }) => name)).size < signingKeys.length
    ? ['signingKeys: two have the same name, and tokens name one only']
    : []),
  ...(signingKeys.some((key, index) => index > 0 && beginOf(key) <= beginOf(signingKeys[index - 1] ?? key))
    ? ['signingKeys: each signs later than the one before it']
    : []),
  ...(signingKeys.slice(0, 1).some((key) => beginOf(key) > Date.now())
    ? ['signingKeys: the first signs from a time to come, so nobody could log in until then']
    : []),
  ...(budget && !alarmEmail ? ['budget: nobody would be told; set alarmEmail'] : []),
  ...(edge && !domain ? ['edge: it needs a domain, the name by which CloudFront reaches the API'] : []),
  ...(edge && edge.name === domain?.name ? [`edge.name: ${edge.name} is the domain already; people need another`] : []),
]

/**
 * What stands in production's settings as in an example, or takes no real money: a shop that is open to everybody would give
 * parcels away. @returns a line for each
 */
export const placeholdersIn = (stage: Stage): string[] => {
  if (stage.removalPolicy === RemovalPolicy.DESTROY) return []
  const isExample = (value: string): boolean => /(^|[@.])example\.(com|org|net)$/.test(value)
  return [
    ...(providerOf(stage).takesMoney ? [] : [`paymentProvider: the ${stage.paymentProvider} takes no money`]),
    ...(isExample(stage.shop.mailFrom) ? [`shop.mailFrom: ${stage.shop.mailFrom} is nobody's address`] : []),
    ...stage.corsOrigins
      .filter((each) => isExample(new URL(each).hostname))
      .map((each) => `corsOrigins: ${each} is nobody's page`),
  ]
}

const valueAt = (value: unknown, [key, ...path]: readonly PropertyKey[]): unknown => {
  if (key === undefined) return value
  const inner = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
  return valueAt(inner, path)
}

/**
 * Takes settings as they are written down, whoever wrote them.
 * @throws Error that names the stage and, for each bad value, its field, the value, and what is allowed
 */
export const checkedStage = (name: string, settings: unknown): Stage => {
  const parsed = z.safeParse(StageSettings, settings)
  const faults = parsed.success
    ? contradictions(parsed.data)
    : parsed.error.issues.map(
        ({ path, message }) => `${path.join('.')}: ${JSON.stringify(valueAt(settings, path))}: ${message}`,
      )
  if (parsed.success && faults.length === 0) return parsed.data
  throw new Error(`stage ${name} cannot be built\n${faults.map((fault) => `  ${fault}`).join('\n')}`)
}
