/** Where an emulator of AWS answers, which one it is, and how the tools of AWS reach it and nothing else. */
import { pathToFileURL } from 'node:url'
import { stageNamed } from '../../stages.ts'
import { CannotError } from '../dead-letters/cannot-error.ts'

/** What is deployed: the stage whose templates `npm start` runs. */
export const stage = stageNamed('dev')
const region = 'eu-central-1'
/** Emulators take any; these are nobody's on AWS. */
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }

export const defaultPort = 4566

export type EmulatorName = 'MiniStack' | 'Floci' | 'LocalStack' | 'an emulator'

export type Emulator = { name: EmulatorName; version: string; endpoint: string }

/** In this order: the others answer LocalStack's path as well. */
const healthPaths: readonly (readonly [EmulatorName, string])[] = [
  ['MiniStack', '/_ministack/health'],
  ['Floci', '/_floci/health'],
  ['LocalStack', '/_localstack/health'],
]

/** @throws CannotError when AWS_ENDPOINT_URL is no address */
export const endpointOfEmulator = (): string => {
  const given = process.env.AWS_ENDPOINT_URL ?? `http://127.0.0.1:${defaultPort}`
  if (!URL.canParse(given))
    throw new CannotError(`AWS_ENDPOINT_URL is "${given}"`, 'give an address: http://127.0.0.1:4566')
  return given.replace(/\/+$/, '')
}

const ask = async (url: string): Promise<Response | undefined> =>
  fetch(url, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined)

const versionIn = (health: unknown): string =>
  typeof health === 'object' && health !== null && 'version' in health ? String(health.version) : 'of unknown version'

/** @returns undefined when nothing answers there */
export const findEmulator = async (): Promise<Emulator | undefined> => {
  const url = endpointOfEmulator()
  if (!(await ask(url))) return undefined
  for (const [name, path] of healthPaths) {
    const answer = await ask(url + path)
    if (answer?.ok) return { name, version: versionIn(await answer.json().catch(() => undefined)), endpoint: url }
  }
  return { name: 'an emulator', version: 'of a kind unknown to us', endpoint: url }
}

/** @throws CannotError when nothing answers, with the ways to start something */
export const openEmulator = async (): Promise<Emulator> => {
  const found = await findEmulator()
  if (found) return found
  throw new CannotError(
    `nothing answers on ${endpointOfEmulator()}`,
    'start an emulator in another terminal, npm run emulator:start for MiniStack (others: see cdk/operate/EMULATORS.md), or set AWS_ENDPOINT_URL',
  )
}

/** For clients of the SDK. */
export const clientSettings = ({ endpoint }: Emulator) => ({ endpoint, region, credentials })

/** For people: what leads any tool of AWS there, before its command. */
export const shellVariables = ({ endpoint }: Emulator): string =>
  [
    `AWS_ENDPOINT_URL=${endpoint}`,
    `AWS_REGION=${region}`,
    `AWS_ACCESS_KEY_ID=${credentials.accessKeyId}`,
    `AWS_SECRET_ACCESS_KEY=${credentials.secretAccessKey}`,
  ].join(' ')

/** For people: where to look when it does not do what AWS would. */
export const whereToLook = ({ name }: Emulator): string =>
  `what the emulator says is in its own log; does ${name} have what the shop needs? See cdk/operate/EMULATORS.md`

/** For NODE_OPTIONS: lets names under .localhost resolve. */
export const resolvingNames = `--import=${pathToFileURL(new URL('localhost-names.cjs', import.meta.url).pathname)}`

/** The environment of a tool of AWS: whatever else this shell says of AWS is not for an emulator. */
export const toolEnvironment = ({ endpoint }: Emulator): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'))),
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
})

/** The environment of `cdklocal`. */
export const cdkEnvironment = (emulator: Emulator): NodeJS.ProcessEnv => ({
  ...toolEnvironment(emulator),
  // cdklocal wants it said; with paths instead of names for buckets it is the same.
  AWS_ENDPOINT_URL_S3: emulator.endpoint,
  CDK_S3_FORCE_PATH_STYLE: '1',
  // cdklocal takes away all that is not in this list.
  AWS_ENVAR_ALLOWLIST: 'AWS_REGION,AWS_DEFAULT_REGION,AWS_ACCESS_KEY_ID,AWS_SECRET_ACCESS_KEY',
})
