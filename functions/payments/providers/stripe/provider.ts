/** Stripe as a shop on AWS uses it: its key from Secrets Manager, its library, its address. */
import Stripe from 'stripe'
import { now } from '../../../../shared/runtime/clock.ts'
import { secretsFrom } from '../../../../shared/runtime/secret.ts'
import { setting } from '../../../../shared/runtime/settings.ts'
import type { Table } from '../../../../shared/runtime/table.ts'
import { intentIds } from '../../table.ts'
import type { Provider } from '../provider.ts'
import { stripe } from './stripe.ts'

/** Milliseconds: it may take some seconds to hear from a bank. Retries are made by who called us, by the same keys. */
const limits = { timeout: 8_000, maxNetworkRetries: 0, telemetry: false } as const

/** `STRIPE_ENDPOINT` names a stand-in for its API (`http://host:port`); without it calls go to Stripe. */
const address = () => {
  const given = process.env.STRIPE_ENDPOINT
  if (given === undefined) return {}
  const { hostname: host, port } = new URL(given)
  return { host, port, protocol: 'http' as const }
}

/** @param secrets webhook signing secrets */
export const stripeProvider = (table: Table, secrets: () => Promise<readonly string[]>): Provider => {
  const keys = secretsFrom(setting('PROVIDER_KEY_ARN'), now)
  let client: { key: string; api: Stripe } | undefined
  const api = async (): Promise<Stripe> => {
    const [key] = await keys()
    if (key === undefined) throw new Error('there is no key to call Stripe with')
    if (client?.key !== key) client = { key, api: new Stripe(key, { ...limits, ...address() }) }
    return client.api
  }
  return stripe({ api, intentIds: intentIds(table), secrets })
}
