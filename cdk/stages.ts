/** How the shop is configured, stage by stage: `-c stage=dev|staging|prod`. The one place for such choices. */
import { RemovalPolicy } from 'aws-cdk-lib'
import { RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { PaymentProvider } from './constructs/bundle.ts'

export type Stage = {
  name: string
  /** Begins every physical name: `shop-dev-orders-place-order`. */
  prefix: string
  shop: {
    name: string
    /** ISO 4217. */
    currency: string
    /** true: prices are shown including tax; false: tax is added at checkout. */
    pricesIncludeTax: boolean
    /** The sender of the shop's mail; on AWS an identity verified in SES. */
    mailFrom: string
  }
  /** Origins whose pages may call the API from a browser. */
  corsOrigins: readonly string[]
  logLevel: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR'
  logRetention: RetentionDays
  /** What becomes of tables, keys and secrets when their stack is deleted. */
  removalPolicy: RemovalPolicy
  deletionProtection: boolean
  throttle: { requestsPerSecond: number; burst: number }
  /** Who moves the money; see functions/payments/README.md for what Stripe needs. */
  paymentProvider: PaymentProvider
}

const dev: Stage = {
  name: 'dev',
  prefix: 'shop-dev',
  shop: { name: 'Harbour & Pine', currency: 'EUR', pricesIncludeTax: false, mailFrom: 'shop@example.com' },
  corsOrigins: ['http://localhost:5173', 'http://localhost:3000'],
  logLevel: 'INFO',
  logRetention: RetentionDays.ONE_WEEK,
  removalPolicy: RemovalPolicy.DESTROY,
  deletionProtection: false,
  throttle: { requestsPerSecond: 1_000, burst: 2_000 },
  paymentProvider: 'sandbox',
}

const staging: Stage = { ...dev, name: 'staging', prefix: 'shop-staging', logRetention: RetentionDays.ONE_MONTH }

const prod: Stage = {
  ...dev,
  name: 'prod',
  prefix: 'shop-prod',
  corsOrigins: ['https://www.example.com'],
  logRetention: RetentionDays.THREE_MONTHS,
  removalPolicy: RemovalPolicy.RETAIN,
  deletionProtection: true,
  throttle: { requestsPerSecond: 10_000, burst: 5_000 },
}

const stages: Readonly<Record<string, Stage>> = { dev, staging, prod }

/** @throws Error that names the known stages */
export const stageNamed = (name: string): Stage => {
  const stage = stages[name]
  if (!stage) throw new Error(`unknown stage "${name}": use -c stage=${Object.keys(stages).join('|')}`)
  return stage
}
