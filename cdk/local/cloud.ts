/** Starts the whole cloud that a synthesised app describes, and stops it in the opposite order. */
import { join } from 'node:path'
import { type Clock, systemClock } from './clock.ts'
import { createDynamodb } from './dynamodb/dynamodb.ts'
import { startEngine } from './dynamodb/engine.ts'
import { createStreamsApi } from './dynamodb/streams-api.ts'
import { createAwsEndpoint } from './endpoint/aws-endpoint.ts'
import { startSources } from './event-sources/start.ts'
import { createEvents } from './events/events.ts'
import { apiAddresses } from './http-api/address.ts'
import { createAccessLog, createGateway } from './http-api/gateway.ts'
import { createHttpApis } from './http-api/http-api.ts'
import { readAccessKeys } from './iam/access-keys.ts'
import { createIam, type Iam } from './iam/iam.ts'
import { untilIdle } from './idle.ts'
import { createKms } from './kms/kms.ts'
import { createLambdaApi, readPermissions } from './lambda/api.ts'
import { createAsyncEvents, type Deliveries } from './lambda/async-events.ts'
import { connectDestinations } from './lambda/destinations.ts'
import { readFunctions } from './lambda/functions.ts'
import { createLambda, type Invocation } from './lambda/lambda.ts'
import type { InstanceLimits } from './lambda/warm.ts'
import { openPorts } from './ports.ts'
import { readBuckets } from './s3/buckets.ts'
import { createS3 } from './s3/s3.ts'
import { createSecretsManager } from './secrets/secrets-manager.ts'
import { createSes } from './ses/ses.ts'
import { createSqsApi } from './sqs/api.ts'
import { type Counts, createSqs, type Traffic } from './sqs/sqs.ts'
import { announce } from './state/announcement.ts'
import { lockFolder } from './state/lock.ts'
import { openState } from './state/state.ts'
import { readAssembly } from './template/assembly.ts'
import { resolveTemplates, type Template } from './template/template.ts'

export { type Clock, manualClock, systemClock } from './clock.ts'
export type { Invocation } from './lambda/lambda.ts'
export { StartError } from './start-error.ts'

export type CloudOptions = {
  /** The folder that CDK synthesised (`cdk.out`), or what makes it, once state folder and port are this cloud's. */
  assembly: string | (() => Promise<string>)
  /** Where tables, queues, keys, logs and mail are kept. */
  stateDirectory: string
  /** The main HTTP API's port on 127.0.0.1; 0 takes any. */
  port: number
  /** Removes what the state folder holds, once the assembly is there and nothing but that is to be done. */
  fresh?: boolean
  /** Origins whose pages may call the APIs and buckets, beyond those that the templates name. */
  alsoAllowsOrigin?: (origin: string) => boolean
  /** How many instances of functions there may be, where other limits than on a laptop suit. */
  instances?: Partial<InstanceLimits>
  /** What whoever asks before all is there is told; API Gateway's own words where none are given. */
  startingMessage?: string
  clock?: Clock
  log?: (line: string) => void
}

export type Cloud = {
  /** The folder that it was started from. */
  assembly: string
  /** Where the main HTTP API answers: the one that has an authorizer. */
  url: string
  /** Where the AWS APIs answer; the access key `local` may do everything there. */
  awsEndpoint: string
  /** What functions and the gateway have logged: a file each. */
  logsDirectory: string
  /** By stack, then by name. */
  outputs: Template['outputs']
  invoke(functionName: string, payload: unknown): Promise<Invocation>
  /** How many invocations run, or wait to. */
  invocations(): number
  /** What lies in each queue now, and what has happened to its messages since the start. */
  queues(): { [name: string]: Counts & { isDeadLetterQueue: boolean; traffic: Readonly<Traffic> } }
  /** What has become, since the start, of the events that each function was given asynchronously. */
  deliveries(): { [functionName: string]: Deliveries }
  /**
   * Resolves once no stream record, no invocation, no event of a function and no message of a queue with a consumer is pending. Messages
   * in dead-letter queues do not count, and what only waits for a batching window to end is taken at once, together.
   * Rejects after `timeoutMs`, saying what is still pending.
   */
  idle(timeoutMs: number): Promise<void>
  metrics: { invocations: Map<string, number>; coldStarts: Map<string, number>; events: Map<string, number> }
  /** How many instances of functions there are. */
  instances(): number
  usedActions: Iam['used']
  stop(): Promise<void>
}

const account = '000000000000'

/** A cloud in the making: what has been started so far, to be stopped in the opposite order. */
type Started = (() => void | Promise<void>)[]

const stopAll = async (started: Started): Promise<void> => {
  for (const stop of started.splice(0).reverse()) await stop()
}

const build = async (options: CloudOptions, started: Started): Promise<Cloud> => {
  const { clock = systemClock, log = () => {} } = options
  const { alsoAllowsOrigin = () => false } = options
  const region = process.env.AWS_REGION || 'eu-central-1'
  const lock = await lockFolder(options.stateDirectory)
  started.push(lock.release)

  const ports = await openPorts(options.port, options.startingMessage ?? 'Service Unavailable')
  started.push(ports.close)
  const { url, awsEndpoint } = ports
  lock.answersAt(url)

  const assemblyFolder = typeof options.assembly === 'string' ? options.assembly : await options.assembly()
  const assembly = readAssembly(assemblyFolder)
  if (options.fresh) lock.clear()
  const state = openState(options.stateDirectory)
  started.push(state.close)

  const addresses = apiAddresses(assembly, url)
  const template = resolveTemplates(assembly, { region, account, awsEndpoint, ...addresses })
  const iam = createIam(template, account)
  const permissions = readPermissions(template)
  const functions = readFunctions(template, assembly, state, { region, account, awsEndpoint })
  // Instances are threads of this machine: they stand idle by its time, whatever clock the shop goes by.
  const lambda = createLambda(functions, clock, log, { ...options.instances, clock: systemClock })
  const sqs = createSqs(template, state, clock)
  const asyncEvents = createAsyncEvents(state, { lambda, clock, log, together: sqs.together })
  connectDestinations(template, { lambda, asyncEvents, sqs, iam, clock })
  const place = { region, account, domainName: new URL(url).host }
  const accessLog = createAccessLog(join(options.stateDirectory, 'logs'))
  started.push(accessLog.end)
  const events = createEvents({ template, state, sqs, lambda, asyncEvents, permissions, iam, clock, place, log })
  started.push(events.stop, sqs.stop)
  const apis = createHttpApis({
    template,
    lambda,
    permissions,
    place,
    log,
    accessLog: accessLog.write,
    alsoAllowsOrigin,
  })

  const engine = await startEngine(join(options.stateDirectory, 'tables.sqlite'))
  started.push(engine.stop)
  const dynamodb = await createDynamodb(template, engine, { iam, clock, place, log })
  started.push(dynamodb.stop)

  const accessKeys = readAccessKeys(state, functions)
  const s3 = createS3(readBuckets(template, join(options.stateDirectory, 'objects'), alsoAllowsOrigin), {
    accessKeys,
    iam,
    clock,
    region,
    log,
  })
  started.push(s3.stop)
  const services = {
    dynamodb: dynamodb.handle,
    lambda: createLambdaApi(lambda, asyncEvents, iam),
    s3: s3.handle,
    ses: createSes(template, join(options.stateDirectory, 'mail'), iam, clock, place),
    json: {
      AWSEvents: events.handle,
      AmazonSQS: createSqsApi(sqs, iam),
      DynamoDBStreams_20120810: createStreamsApi(engine, dynamodb, iam),
      TrentService: createKms(template, state, iam),
      secretsmanager: createSecretsManager(template, state, iam),
    },
  }
  ports.answerAws(createAwsEndpoint(services, accessKeys, log))

  const sources = await startSources({ template, engine, state, dynamodb, sqs, lambda, iam, clock, region, log })
  // Functions first: nothing may go on working, and no mapping may take a stop for a failure.
  started.push(lambda.stop, () => {
    asyncEvents.stop()
    for (const source of sources) source.stop()
  })
  asyncEvents.resume()

  ports.answerGateway(createGateway(apis, addresses, log))

  const queues: Cloud['queues'] = () =>
    Object.fromEntries(
      [...sqs.queues.values()].map((queue) => [
        queue.name,
        { ...sqs.counts(queue), isDeadLetterQueue: queue.isDeadLetterQueue, traffic: { ...sqs.traffic(queue) } },
      ]),
    )
  started.push(announce(options.stateDirectory, { url, awsEndpoint, region }))
  return {
    assembly: assemblyFolder,
    url,
    awsEndpoint,
    logsDirectory: join(options.stateDirectory, 'logs'),
    outputs: template.outputs,
    invoke: (functionName, payload) => lambda.invoke(functionName, JSON.stringify(payload ?? {})),
    invocations: () => lambda.pending(),
    queues,
    deliveries: () => Object.fromEntries([...asyncEvents.deliveries()].map(([name, all]) => [name, { ...all }])),
    idle: (timeoutMs) => untilIdle(() => lambda.pending() + asyncEvents.pending(), sources, timeoutMs),
    metrics: { invocations: lambda.invocations, coldStarts: lambda.coldStarts, events: events.published },
    instances: lambda.instances,
    usedActions: iam.used,
    async stop() {
      lock.ending()
      await stopAll(started)
    },
  }
}

/**
 * Starts everything that the assembly describes, on what the state folder already holds. Throws a `StartError`
 * with one clear line for whatever the user can mend: an unknown type or property, a busy port, a folder in use
 * or damaged, a missing database engine.
 */
export const startCloud = async (options: CloudOptions): Promise<Cloud> => {
  const started: Started = []
  try {
    return await build(options, started)
  } catch (error) {
    await stopAll(started)
    throw error
  }
}
