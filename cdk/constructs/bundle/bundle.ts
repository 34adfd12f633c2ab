/**
 * One set-up for every function: the local cloud, the tests and the deployment run these same bundles. Those of a service are
 * made together and kept in a cache keyed by the content of all they were made from, so an unchanged service costs a few file
 * reads, and a bundle depends on nothing but its service's own sources.
 */
import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { version as esbuildVersion } from 'esbuild'
import * as z from 'zod/mini'
import { projectRoot } from '../project.ts'
import { type BundleFiles, bundleTogether } from './bundle-passes.ts'

const cacheDirectory = join(projectRoot, 'node_modules/.cache/shop-bundles')

const Bundle = z.object({
  /** Folder with `index.mjs` and its chunks: a Lambda asset. */
  directory: z.string(),
  /** All JavaScript in it. */
  bytes: z.number(),
  /** Hash of its content. */
  hash: z.string(),
})
export type Bundle = z.infer<typeof Bundle>

/** Hashes by path, and bundles by entry. */
const Manifest = z.object({ inputs: z.record(z.string(), z.string()), bundles: z.record(z.string(), Bundle) })
type Manifest = z.infer<typeof Manifest>

const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex')

/** Anything outside the sources that shapes the output. */
const toolchain = (): string => {
  const own = globSync('*.ts', { cwd: import.meta.dirname }).map((name) => join(import.meta.dirname, name))
  const files = [join(projectRoot, 'package-lock.json'), ...own.sort()]
  return sha256([esbuildVersion, ...files.map((file) => readFileSync(file))].join('\n'))
}

const hashOfFile = (() => {
  const known = new Map<string, string>()
  return (path: string): string => {
    const hash = known.get(path) ?? (existsSync(path) ? sha256(readFileSync(path)) : 'missing')
    known.set(path, hash)
    return hash
  }
})()

const cached = (manifestPath: string): Manifest['bundles'] | undefined => {
  if (!existsSync(manifestPath)) return undefined
  const { inputs, bundles } = Manifest.parse(JSON.parse(readFileSync(manifestPath, 'utf8')))
  const isFresh =
    Object.entries(inputs).every(([path, hash]) => hashOfFile(join(projectRoot, path)) === hash) &&
    Object.values(bundles).every(({ directory }) => existsSync(directory))
  return isFresh ? bundles : undefined
}

/** Writes a file aside first, so that nobody reads half of it. */
const replaceFile = (path: string, content: string): void => {
  const half = `${path}.${process.pid}`
  writeFileSync(half, content)
  renameSync(half, path)
}

const store = (files: BundleFiles): Bundle => {
  const hash = sha256([...files].map(([path, content]) => `${path}:${sha256(content)}`).join('\n')).slice(0, 32)
  const directory = join(cacheDirectory, hash)
  if (!existsSync(directory)) {
    const half = `${directory}.${process.pid}`
    for (const [path, content] of files) {
      mkdirSync(dirname(join(half, path)), { recursive: true })
      writeFileSync(join(half, path), content)
    }
    try {
      renameSync(half, directory)
    } catch (error) {
      // Another process was first.
      if (!existsSync(directory)) throw error
      rmSync(half, { recursive: true })
    }
  }
  return { directory, bytes: [...files.values()].reduce((sum, { length }) => sum + length, 0), hash }
}

const bundlesOf = async (
  entries: readonly string[],
  tools: string,
  provider: string | undefined,
): Promise<Manifest['bundles']> => {
  const name = sha256([tools, provider ?? '', ...entries].join('\n')).slice(0, 16)
  const manifestPath = join(cacheDirectory, `${name}.json`)
  const known = cached(manifestPath)
  if (known) return known
  const { files, inputs } = await bundleTogether(entries, provider)
  const bundles = Object.fromEntries([...files].map(([entry, content]) => [entry, store(content)]))
  const hashes = Object.fromEntries(inputs.map((path) => [path, hashOfFile(join(projectRoot, path))]))
  replaceFile(manifestPath, JSON.stringify({ inputs: hashes, bundles } satisfies Manifest))
  return bundles
}

/** So many services at a time: while one's bundles are written, the next one's are made. */
const servicesAtOnce = 2

/**
 * @param entries paths of TypeScript files, relative to the project, each exporting `handler`; of a service all or none, since
 * what its functions share decides the order of things in each
 * @param provider folder of the one payment provider that is in them, relative to the project; without, that which the sources
 * choose
 * @param onProgress hears how many of the functions are done
 */
export const bundleFunctions = async (
  entries: readonly string[],
  provider?: string,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<ReadonlyMap<string, Bundle>> => {
  mkdirSync(cacheDirectory, { recursive: true })
  const tools = toolchain()
  const all = [...new Set(entries)].sort()
  const waiting = [...Map.groupBy(all, (entry) => entry.split('/').slice(0, 2).join('/')).values()]
  const bundles = new Map<string, Bundle>()
  const work = async (): Promise<void> => {
    for (let service = waiting.pop(); service !== undefined; service = waiting.pop()) {
      for (const [entry, bundle] of Object.entries(await bundlesOf(service, tools, provider)))
        bundles.set(entry, bundle)
      onProgress(bundles.size, all.length)
    }
  }
  await Promise.all(Array.from({ length: servicesAtOnce }, work))
  return bundles
}
