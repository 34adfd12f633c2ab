/**
 * How the shop is configured, stage by stage: `-c stage=dev|staging|prod`. The one place for such choices; what else can be
 * said here, and what is allowed, stands in constructs/stage.ts.
 */
import { RemovalPolicy } from 'aws-cdk-lib'
import { RetentionDays } from 'aws-cdk-lib/aws-logs'
import { checkedStage, type Stage, type StageSettings } from './constructs/stage.ts'
import signingKeys from './signing-keys.json' with { type: 'json' }

const dev: StageSettings = {
  name: 'dev',
  prefix: 'shop-dev',
  shop: { name: 'Harbour & Pine', currency: 'EUR', pricesIncludeTax: false, mailFrom: 'shop@example.com' },
  corsOrigins: ['http://localhost:5173', 'http://localhost:3000'],
  logRetention: RetentionDays.ONE_WEEK,
  removalPolicy: RemovalPolicy.DESTROY,
  deletionProtection: false,
  throttle: {
    requestsPerSecond: 1_000,
    burst: 2_000,
    // Anybody may search, and it reads more than anything else does (functions/catalog/search/README.md).
    routes: { 'GET /products': { requestsPerSecond: 100, burst: 200 } },
    tables: { 'catalog/search': { readUnitsPerSecond: 2_000 } },
  },
  paymentProvider: 'sandbox',
  signingKeys: signingKeys.dev,
  watch: 'some',
  serviceDashboards: [],
}

/** On the way of an order from the cart to the money. */
const orderPath = ['orders/place-order', 'orders/settle-order', 'orders/ship-order']

/** On a developer's machine everybody comes from one address; elsewhere, guests of one network hold so much at most. */
const guestLimits = { guestUnitsPerNetwork: 500 }

const staging: StageSettings = {
  ...dev,
  name: 'staging',
  prefix: 'shop-staging',
  shop: { ...dev.shop, limits: guestLimits },
  signingKeys: signingKeys.staging,
  debugSample: 0.1,
  logRetention: RetentionDays.ONE_MONTH,
}

const prod: StageSettings = {
  ...dev,
  name: 'prod',
  prefix: 'shop-prod',
  shop: { ...dev.shop, limits: guestLimits },
  signingKeys: signingKeys.prod,
  corsOrigins: ['https://www.example.com'],
  debugSample: 0.01,
  logRetention: RetentionDays.THREE_MONTHS,
  removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  deletionProtection: true,
  throttle: {
    requestsPerSecond: 10_000,
    burst: 5_000,
    routes: {
      // Each costs a slow hash on purpose, or a signature of KMS.
      'POST /auth/login': { requestsPerSecond: 50, burst: 100 },
      'POST /auth/register': { requestsPerSecond: 50, burst: 100 },
      'POST /auth/guest': { requestsPerSecond: 100, burst: 200 },
      'POST /auth/refresh': { requestsPerSecond: 200, burst: 400 },
      'GET /products': { requestsPerSecond: 200, burst: 400 },
    },
    // Half of what DynamoDB gives a new table: some 130 searches a second in 10,000 products.
    tables: { 'catalog/search': { readUnitsPerSecond: 6_000 } },
  },
  gradual: orderPath,
  watch: 'full',
  serviceDashboards: ['orders', 'payments', 'inventory'],
  tracing: 'pass-through',
  // For a shop of your own:
  // alarmEmail: 'you@example.com',
  // budget: { monthlyDollars: 500 },
  // domain: { name: 'api.example.com', hostedZone: { id: 'Z0123456789ABC', name: 'example.com' } },
  // provisionedCapacity: { orders: { readUnits: { from: 5, to: 1_000 }, writeUnits: { from: 10, to: 1_000 } } },
  // reservedConcurrency: { 'issuer/jwks': 10, 'issuer/discovery': 10, 'orders/place-order': 100 },
  // provisionedConcurrency: { 'orders/place-order': 2 },
  // paymentProvider: 'stripe',
  // pipeline: { repository: 'you/shop' },
}

const stages: Readonly<Record<string, StageSettings>> = { dev, staging, prod }

export const stageNames: readonly string[] = Object.keys(stages)

/** `-c closely=true`, for days on which somebody looks: all that watches, in a stage that pays for some of it only. */
const closely = { watch: 'full', serviceDashboards: 'all', tracing: 'active' } as const

/** @throws Error that names the known stages, or what is wrong with the settings of this one */
export const stageNamed = (name: string, watched: { closely?: boolean } = {}): Stage => {
  const settings = stages[name]
  if (!settings) throw new Error(`unknown stage "${name}": use -c stage=${stageNames.join('|')}`)
  return checkedStage(name, { ...settings, ...(watched.closely && closely) })
}
