/** The cloud assembly, synthesised when its sources have changed, and taken from the cache otherwise. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { projectRoot } from '../../constructs/project.ts'
import { StartError } from '../../local/start-error.ts'
import { assetFolders } from '../../local/template/assembly.ts'

const cacheDirectory = join(projectRoot, 'node_modules/.cache/shop-assembly')

/** Everything that a template or a bundle is made from. */
const sources = ['cdk', 'functions', 'shared', 'cdk.json', 'package-lock.json']

const filesUnder = (path: string): string[] =>
  readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

const keyOfSources = (said: AppContext): string => {
  const hash = createHash('sha256').update(JSON.stringify(said))
  const paths = sources.map((name) => join(projectRoot, name))
  for (const path of paths.flatMap((source) => (/\.json$/.test(source) ? [source] : filesUnder(source))).sort())
    hash.update(path.slice(projectRoot.length)).update('\0').update(readFileSync(path)).update('\0')
  return hash.digest('hex').slice(0, 24)
}

/** Functions run where their bundles lie: no copies. `cdk synth` and `cdk deploy` make them. */
const localContext = { 'aws:cdk:disable-asset-staging': true }

/** CDK's own look at the templates takes three quarters of a synthesis; `cdk synth` and `cdk deploy` have it done. */
const withoutValidation = { CDK_VALIDATION: 'false' }

/** What the app is told by `-c`. */
export type AppContext = { stage?: string; placeholders?: 'accept'; closely?: 'true' | 'false' }

/** All that watches is there: the console shows none of it, but tests and traces do. */
const watchedClosely: AppContext = { closely: 'true' }

/** Settings of `cdk.json`, which the CLI would hand over. */
const contextWith = (said: AppContext): object => ({
  ...JSON.parse(readFileSync(join(projectRoot, 'cdk.json'), 'utf8')).context,
  ...localContext,
  ...said,
})

/**
 * @param show is told what takes time: nothing where all is in the cache
 * @param context of another stage than `dev`, or as it is deployed
 * @returns the assembly's folder
 * @throws StartError with what the CDK app said when it does not synthesise
 */
export const prepareAssembly = async (
  show: (note: string) => void = () => undefined,
  context: AppContext = watchedClosely,
): Promise<string> => {
  const directory = join(cacheDirectory, keyOfSources(context))
  const isThere = () =>
    existsSync(join(directory, 'manifest.json')) && [...assetFolders(directory).values()].every(existsSync)
  if (isThere()) return directory
  show('first time after a change: bundling and synthesis')
  // Its bundles have been cleared away.
  rmSync(directory, { recursive: true, force: true })
  const half = `${directory}.${process.pid}`
  const child = spawn(process.execPath, [join(projectRoot, 'cdk/app.ts')], {
    cwd: projectRoot,
    env: {
      ...process.env,
      ...withoutValidation,
      CDK_OUTDIR: half,
      CDK_CONTEXT_JSON: JSON.stringify(contextWith(context)),
    },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  child.on('message', (note) => show(String(note)))
  const said = child.stderr === null ? '' : text(child.stderr)
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', resolve)
  })
  if (status !== 0) throw new StartError(`the CDK app does not synthesise:\n${(await said).trim()}`)
  try {
    renameSync(half, directory)
  } catch (error) {
    // Another process was first, and whoever it was may read there already.
    if (!isThere()) throw error
    rmSync(half, { recursive: true })
  }
  return directory
}
