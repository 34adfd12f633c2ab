/** Time from process start to a loaded handler, of every function and of an empty one, taken turn by turn. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

const environment = {
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  POWERTOOLS_SERVICE_NAME: 'bench',
  SHOP_PREFIX: 'shop-bench',
}

/** Milliseconds from before the process is started until it has ended, right after the module was loaded. */
const loadMs = (file: string): number => {
  const began = process.hrtime.bigint()
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', `await import(${JSON.stringify(pathToFileURL(file).href)}); process.exit(0)`],
    { env: environment },
  )
  if (status !== 0) throw new Error(`${file} does not load: ${stderr}`)
  return Number(process.hrtime.bigint() - began) / 1e6
}

const emptyHandler = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'shop-bench-'))
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'index.mjs')
  writeFileSync(file, 'export const handler = async () => ({ statusCode: 200 })\n')
  return file
}

/**
 * @param files by name; each is measured `rounds` times, one after the other in each round
 * @returns medians in milliseconds, the empty handler's under `empty`
 */
export const startUpMedians = (
  files: ReadonlyMap<string, string>,
  rounds: number,
  show: (note: string) => void,
): Map<string, number> => {
  const all = new Map([['empty', emptyHandler()], ...files])
  const times = new Map([...all.keys()].map((name): [string, number[]] => [name, []]))
  for (let round = 1; round <= rounds; round += 1) {
    show(`round ${round} of ${rounds}`)
    for (const [name, file] of all) times.get(name)?.push(loadMs(file))
  }
  return new Map([...times].map(([name, taken]) => [name, median(taken)]))
}
