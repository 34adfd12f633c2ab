/** The operator's commands against the shop on an emulator: each as a person would start it. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { projectRoot } from '../../constructs/project.ts'
import { CannotError } from '../dead-letters/cannot-error.ts'
import { type Emulator, resolvingNames, shellVariables, toolEnvironment } from './which.ts'

const patienceMs = 180_000

/**
 * @param name of a file in cdk/operate/commands, and of its script in package.json
 * @param input what it is given to read
 * @returns what it printed
 * @throws CannotError with what it said, and how to start it by hand, when it fails
 */
export const runCommand = async (
  emulator: Emulator,
  name: 'create-staff' | 'dead-letters' | 'load-samples' | 'rebuild-search' | 'reconcile',
  words: readonly string[],
  input = '',
): Promise<string> => {
  const child = spawn(process.execPath, [join(projectRoot, `cdk/operate/commands/${name}.ts`), ...words], {
    cwd: projectRoot,
    env: { ...toolEnvironment(emulator), NODE_OPTIONS: resolvingNames },
    timeout: patienceMs,
  })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  // It may end before it reads what it is given.
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)])
  if ((await ended) === 0) return output
  throw new CannotError(
    `npm run ${name} failed:\n${[output, errors].join('\n').trim()}`,
    `by hand: ${shellVariables(emulator)} npm run ${name} -- ${words.join(' ')}`,
  )
}
