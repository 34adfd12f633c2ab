/** Stripe's library as a shop on AWS uses it: with the key from Secrets Manager, and limits on how long it may take. */
import Stripe from 'stripe'
import { lazy } from '../../../../shared/runtime/lazy.ts'
import { secretsFrom } from '../../../../shared/runtime/secret.ts'
import { setting } from '../../../../shared/runtime/settings.ts'

/** Milliseconds: it may take some seconds to hear from a bank. Retries are made by who called us, by the same keys. */
const limits = { timeout: 8_000, maxNetworkRetries: 0, telemetry: false } as const

/** `STRIPE_ENDPOINT` names a stand-in for its API (`http://host:port`); without it calls go to Stripe. */
const address = () => {
  const given = process.env.STRIPE_ENDPOINT
  if (given === undefined) return {}
  const { hostname: host, port } = new URL(given)
  return { host, port, protocol: 'http' as const }
}

const keys = lazy(() => secretsFrom(setting('PROVIDER_KEY_ARN')))
let client: { key: string; api: Stripe } | undefined

/** @throws Error where nobody has put the key into its secret */
export const stripeApi = async (): Promise<Stripe> => {
  const [key] = await keys()()
  if (key === undefined) throw new Error('there is no key to call Stripe with')
  if (client?.key !== key) client = { key, api: new Stripe(key, { ...limits, ...address() }) }
  return client.api
}
