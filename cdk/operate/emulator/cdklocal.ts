/** Runs `cdklocal` on the assembly that `npm start` runs and `cdk deploy` would deploy. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { projectRoot } from '../../constructs/project.ts'
import { CannotError } from '../dead-letters/cannot-error.ts'
import { prepareAssembly } from '../start/prepare.ts'
import { cdkEnvironment, type Emulator, whereToLook } from './which.ts'

const patienceMinutes = 15
/** Lines of its output that are shown when it fails. */
const lastLines = 40

/**
 * @param show is told each line, the bars of stack, count and time taken off
 * @throws CannotError with the end of what it said when it fails
 */
export const cdklocal = async (
  emulator: Emulator,
  command: readonly string[],
  show: (line: string) => void = () => undefined,
): Promise<void> => {
  const assembly = await prepareAssembly()
  const child = spawn(
    process.execPath,
    [join(projectRoot, 'node_modules/aws-cdk-local/bin/cdklocal'), ...command, '--app', assembly, '--no-notices'],
    { cwd: projectRoot, env: cdkEnvironment(emulator), stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  )
  // It is a process that starts another one: ended as a group, so that none is left behind.
  const end = () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM')
  }
  const timer = setTimeout(end, patienceMinutes * 60_000)
  process.once('exit', end)
  const said: string[] = []
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => {
      said.push(line)
      show(line.replace(/\s*\|\s*/g, ' ').slice(0, 100))
    })
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  }).finally(() => {
    clearTimeout(timer)
    process.off('exit', end)
  })
  if (status === 0) return
  const why = status === null ? `was ended after ${patienceMinutes} minutes` : `ended with ${status}`
  throw new CannotError(`cdklocal ${command[0]} ${why}:\n${said.slice(-lastLines).join('\n')}`, whereToLook(emulator))
}
