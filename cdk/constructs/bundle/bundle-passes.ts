/**
 * How the functions of a service become bundles, in two passes. The first links all of them at once: each source is read once,
 * of the dependencies what nobody uses falls away, and what several share becomes a chunk. That would do to run them, but every
 * function would load dozens of small files at its start. So the second pass puts each function's chunks together into one file; it
 * reads little, since all that is left out stays out.
 *
 * Code behind a dynamic import, with whatever that imports, remains in files of its own: it is loaded when it is needed.
 */
import { basename, join, posix, relative } from 'node:path'
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild'
import { projectRoot } from '../project.ts'
import { replacedFiles, replacedModules, withoutOthersDeclarations } from './bundle-diet.ts'

/** Content by path in the function's folder: `index.mjs`, `chunks/…`. */
export type BundleFiles = ReadonlyMap<string, Uint8Array>

export type Bundled = {
  /** By entry. */
  files: ReadonlyMap<string, BundleFiles>
  /** Everything that was read, as paths relative to the project. */
  inputs: readonly string[]
}

const outputFolder = 'out'

const plain = {
  absWorkingDir: projectRoot,
  outdir: join(projectRoot, outputFolder),
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  legalComments: 'none',
  logLevel: 'error',
} as const satisfies BuildOptions

/** Files that functions have as text. */
const loader = { '.css': 'text', '.txt': 'text' } as const

/** Some dependencies are CommonJS and require Node's own modules: each file that holds some needs its own `require`. */
const requiring = {
  js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
}

type Linked = {
  /** Of both passes. */
  common: BuildOptions
  /** The text of each file, by its path relative to the project: `out/chunks/…`. */
  texts: ReadonlyMap<string, string>
  outputs: Metafile['outputs']
  inputs: readonly string[]
}

/**
 * Puts a payment provider in the place of the one that the sources choose: not at run time, so that each bundle holds one only.
 * @param folder with its `provider.ts` and `adapter.ts`, relative to the project
 */
const paidThrough = (folder: string): Plugin => ({
  name: 'paid-through',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]payments[\\/]providers[\\/]chosen[\\/](provider|adapter)\.ts$/ }, ({ path }) => ({
      contents: `export * from ${JSON.stringify(join(projectRoot, folder, basename(path)))}`,
      loader: 'ts',
    })),
})

/** Every source of ours that the functions need. */
const ownSources = async (entries: readonly string[], plugins: Plugin[]): Promise<string[]> => {
  const entryPoints = [...entries]
  const { metafile } = await build({
    ...plain,
    metafile: true,
    write: false,
    entryPoints,
    packages: 'external',
    plugins,
    loader,
  })
  return Object.keys(metafile.inputs).filter((path) => path.endsWith('.ts'))
}

const link = async (
  entries: readonly string[],
  provider: string | undefined,
  common: BuildOptions,
): Promise<Linked> => {
  const paid = provider === undefined ? [] : [paidThrough(provider)]
  const { outputFiles, metafile } = await build({
    ...common,
    metafile: true,
    write: false,
    // Each source is a file of its own afterwards: all parts of a service stand in one, of which a function names a few.
    entryPoints: await ownSources(entries, paid),
    outbase: projectRoot,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    // White space stays: with it esbuild would drop the notes by which the second pass knows what has no effect.
    minifySyntax: true,
    // The SDK's ES modules, which esbuild can shake; by default it would take the CommonJS ones.
    mainFields: ['module', 'main'],
    conditions: ['module'],
    alias: replacedModules,
    // The first that knows a file reads it.
    plugins: [...paid, ...replacedFiles, withoutOthersDeclarations],
    loader,
  })
  const texts = new Map(outputFiles.map((file) => [relative(projectRoot, file.path), file.text]))
  return { common, texts, outputs: metafile.outputs, inputs: Object.keys(metafile.inputs) }
}

/** @returns `from`, and all that is reached from there by imports of the kinds given */
const reachable = (outputs: Metafile['outputs'], from: readonly string[], kinds: readonly string[]): Set<string> => {
  const reached = new Set(from)
  for (const path of reached)
    for (const { path: next, kind, external } of outputs[path]?.imports ?? [])
      if (!external && kinds.includes(kind)) reached.add(next)
  return reached
}

/** What is loaded on demand, with everything that it needs. */
const lazyFiles = ({ outputs }: Linked): Set<string> => {
  const targets = Object.values(outputs).flatMap(({ imports }) =>
    imports.filter(({ kind, external }) => kind === 'dynamic-import' && !external).map(({ path }) => path),
  )
  return reachable(outputs, targets, ['import-statement'])
}

/** Reads the first pass's files, those that something is used of; imports of those in `apart` stay imports. */
const linkedFiles = ({ texts }: Linked, apart: (path: string, importer: string) => string | undefined): Plugin => ({
  name: 'linked-files',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /.*/ }, ({ path, importer, kind }) => {
      if (kind === 'entry-point') return { path, namespace: 'linked' }
      if (!path.startsWith('.')) return { path, external: true }
      const target = posix.join(posix.dirname(importer), path)
      const external = apart(target, importer)
      return external === undefined
        ? { path: target, namespace: 'linked', sideEffects: false }
        : { path: external, external: true }
    })
    onLoad({ filter: /.*/, namespace: 'linked' }, ({ path }) => ({ contents: texts.get(path) ?? '', loader: 'js' }))
  },
})

const withoutFolder = (path: string): string => path.slice(outputFolder.length + 1)

/** Puts together what each function loads at its start. */
const joined = async (linked: Linked, entries: readonly string[], lazy: ReadonlySet<string>) => {
  const { outputFiles, metafile } = await build({
    ...linked.common,
    metafile: true,
    write: false,
    entryPoints: entries.map((entry, index) => ({
      in: `${outputFolder}/${entry.replace(/\.ts$/, '.mjs')}`,
      out: String(index),
    })),
    minify: true,
    banner: requiring,
    plugins: [linkedFiles(linked, (path) => (lazy.has(path) ? `./${withoutFolder(path)}` : undefined))],
  })
  const contents = new Map(outputFiles.map((file) => [relative(projectRoot, file.path), file.contents]))
  return entries.map((entry, index) => {
    const path = `${outputFolder}/${index}.mjs`
    const content = contents.get(path)
    if (!content) throw new Error(`${entry} has no bundle`)
    const chunks = (metafile.outputs[path]?.imports ?? []).map((chunk) => posix.join(outputFolder, chunk.path))
    return { entry, content, chunks: chunks.filter((chunk) => lazy.has(chunk)) }
  })
}

/** How one file names another: `./` or `../`, since anything else would be a package. */
const besides = (importer: string, path: string): string => {
  const way = posix.relative(posix.dirname(importer), path)
  return way.startsWith('.') ? way : `./${way}`
}

/** The files that stay apart, each for itself. */
const minified = async (linked: Linked, lazy: ReadonlySet<string>): Promise<ReadonlyMap<string, Uint8Array>> => {
  const { outputFiles } = await build({
    ...linked.common,
    write: false,
    entryPoints: [...lazy].map((path) => ({ in: path, out: withoutFolder(path).replace(/\.mjs$/, '') })),
    minify: true,
    banner: requiring,
    plugins: [linkedFiles(linked, (path, importer) => besides(importer, path))],
  })
  return new Map(outputFiles.map((file) => [relative(projectRoot, file.path), file.contents]))
}

/** The first pass's maps are read by the second, so that its own lead to the sources; these are not repeated in them. */
const withMaps = { ...plain, sourcemap: 'inline', sourcesContent: false } as const satisfies BuildOptions

/**
 * @param entries paths of TypeScript files, relative to the project, each exporting `handler`
 * @param provider folder of the one payment provider that is in them; without, that which the sources choose
 * @param sourceMaps whether each file ends with its map; otherwise it is the same but for the names of its chunks
 */
export const bundleTogether = async (
  entries: readonly string[],
  provider?: string,
  { sourceMaps = false }: { sourceMaps?: boolean } = {},
): Promise<Bundled> => {
  // esbuild is written in Go, and by default spends half of its time on collecting garbage.
  process.env.GOGC ??= '400'
  const linked = await link(entries, provider, sourceMaps ? withMaps : plain)
  const lazy = lazyFiles(linked)
  const [functions, apart] = await Promise.all([joined(linked, entries, lazy), minified(linked, lazy)])
  const files = functions.map(({ entry, content, chunks }): [string, BundleFiles] => {
    const needed = reachable(linked.outputs, chunks, ['import-statement', 'dynamic-import'])
    const others = [...needed].sort().map((path): [string, Uint8Array] => {
      const chunk = apart.get(path)
      if (!chunk) throw new Error(`${entry} needs ${path}, which was not made`)
      return [withoutFolder(path), chunk]
    })
    return [entry, new Map([['index.mjs', content], ...others])]
  })
  return { files: new Map(files), inputs: linked.inputs }
}
