/** The functions of the shop, as they are: loaded once, run in as many instances as a run needs. */
import { entriesOf } from '../../../../cdk/constructs/entries.ts'
import { services as allServices } from '../../../../functions/services.ts'
import {
  defaultTimeoutSeconds,
  type FunctionNeeds,
  kebab,
  type ServiceDeclaration,
  tableVariable,
} from '../../../../shared/contract/endpoint.ts'
import { queueVariable } from '../../../../shared/contract/task-queue.ts'
import { type Invocation, runInvocation } from './invocation.ts'
import { maxSkewMs, type RunContext } from './run-context.ts'

/** How people are shown, what they wish for and what the docs say moves neither stock nor money. */
const outside = new Set(['profiles', 'wishlist', 'docs'])

/** Of identity, only what is about people who leave for good: how they log in is no matter of timing. */
const leaving = new Set(['erase-me', 'read-erasure', 'erase-person', 'record-erased', 'pursue-erasures'])
export const services: readonly ServiceDeclaration[] = allServices.filter(({ name }) => !outside.has(name))

/** The whole index written anew: has a simulation of its own (test/functions/catalog/search.test.ts). */
export const isSimulated = (service: string, name: string): boolean =>
  service === 'identity' ? leaving.has(name) : `${service}/${name}` !== 'catalog/rebuild-search'

type LambdaHandler = (event: unknown, context: unknown) => Promise<unknown>

export type LoadedFunction = {
  /** `orders/place-order`. */
  name: string
  service: string
  timeoutMs: number
  environment: Readonly<Record<string, string>>
  /** A new instance, with nothing remembered. */
  coldStart: () => LambdaHandler
}

const environmentOf = ({ name: service, tables = {}, tasks = {} }: ServiceDeclaration): Record<string, string> => ({
  TABLE_NAME: service,
  ...Object.fromEntries(Object.keys(tables).map((name) => [tableVariable(name), name])),
  SHOP_PREFIX: 'shop',
  SHOP_SERVICE: service,
  SHOP_NAME: 'Simulated Shop',
  SHOP_CURRENCY: 'EUR',
  EVENT_BUS_NAME: 'bus',
  MAIL_FROM: 'shop@example.com',
  API_URL: 'https://shop.example',
  PROVIDER_SECRET_ARN: 'arn:aws:secretsmanager:eu-central-1:000000000000:secret:provider',
  CARRIER_SECRET_ARN: 'arn:aws:secretsmanager:eu-central-1:000000000000:secret:carrier',
  TOKEN_ISSUER: 'https://issuer.example',
  ...Object.fromEntries(Object.keys(tasks).map((key) => [queueVariable(kebab(key)), `${service}/${kebab(key)}`])),
})

const timeoutOf = ({ timeoutSeconds = defaultTimeoutSeconds }: FunctionNeeds): number => timeoutSeconds * 1000

const root = new URL('../../../../', import.meta.url)

/** Every function of every service in the simulation, relays included, by name. */
export const loadFunctions = async (): Promise<ReadonlyMap<string, LoadedFunction>> => {
  const functions = new Map<string, LoadedFunction>()
  const { relay } = await import('../../../../shared/runtime/relay.ts')
  for (const service of services) {
    const environment = environmentOf(service)
    for (const { name, entry, declaration } of entriesOf(service)) {
      if (!isSimulated(service.name, name)) continue
      const { handler }: { handler: { coldStart: () => LambdaHandler } } = await import(new URL(entry, root).href)
      functions.set(`${service.name}/${name}`, {
        name: `${service.name}/${name}`,
        service: service.name,
        timeoutMs: timeoutOf(declaration),
        environment,
        coldStart: handler.coldStart,
      })
    }
    if (!service.events) continue
    const name = `${service.name}/relay`
    const coldStart = () => relay() as LambdaHandler
    functions.set(name, { name, service: service.name, timeoutMs: timeoutOf({ summary: '' }), environment, coldStart })
  }
  return functions
}

/** How an invocation ended, as whoever invoked the function sees it. */
export type Outcome = { ok: true; value: unknown } | { ok: false; error: unknown }

type Instance = { handler: LambdaHandler; skewMs: number }

export type InvokeFunction = (
  functionName: string,
  invocationName: string,
  event: unknown,
  ended: (outcome: Outcome) => void,
) => void

/** Runs functions of one world. Instances serve one invocation at a time and live on, unless something ends them. */
export const createLambda = (functions: ReadonlyMap<string, LoadedFunction>, run: RunContext): InvokeFunction => {
  const idle = new Map<string, Instance[]>()

  const start = ({ coldStart }: LoadedFunction, invocationName: string): Instance => ({
    handler: coldStart(),
    skewMs: run.fault('clock-skew', invocationName) ? (run.chance(`skew ${invocationName}`) - 0.5) * maxSkewMs : 0,
  })

  return (functionName, invocationName, event, ended) => {
    const loaded = functions.get(functionName)
    if (!loaded) throw new Error(`there is no function ${functionName}`)
    const free = idle.get(functionName) ?? []
    idle.set(functionName, free)
    const instance = free.pop() ?? start(loaded, invocationName)
    let isOver = false
    const end = (outcome: Outcome): void => {
      if (isOver) return
      isOver = true
      deadline.cancelled = true
      ended(outcome)
    }
    const invocation: Invocation = {
      run,
      name: invocationName,
      functionName,
      environment: { ...loaded.environment, SHOP_PRICES_INCLUDE_TAX: String(run.pricesIncludeTax) },
      skewMs: instance.skewMs,
      counts: new Map(),
      isInPart: false,
      ended: undefined,
      crash: () => {
        if (invocation.ended || isOver) return
        invocation.ended = 'crashed'
        end({ ok: false, error: new Error('simulated: the instance is gone') })
      },
    }
    const deadline = run.at(loaded.timeoutMs, () => {
      invocation.ended ??= 'timed out'
      run.tell(() => `    ${functionName} TIMES OUT`)
      end({ ok: false, error: new Error('the function timed out') })
    })
    const context = { functionName: `shop-${functionName.replace('/', '-')}`, awsRequestId: invocationName }
    runInvocation(invocation, () => instance.handler(event, context)).then(
      (value) => {
        if (isOver) return
        free.push(instance)
        end({ ok: true, value })
      },
      (error: unknown) => {
        if (isOver) return
        free.push(instance)
        end({ ok: false, error })
      },
    )
  }
}
