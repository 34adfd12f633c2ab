/** Commands as those who work on the shop run them: what they print, and the status that they end with. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { Worker } from 'node:worker_threads'
import { projectRoot } from '../../../cdk/constructs/project.ts'

/** What the thread is asked for, and what it tells: parts of what was printed, and in the end the status. */
export type Asked = { file: string; words: readonly string[]; input: string; environment: Record<string, string> }
export type Told = { output?: string; errors?: string; status?: number }

export type Ran = { status: number; output: string; errors: string }

/** What a command finds beside its words: lines of input, and variables beyond this process's own. */
export type Given = { input?: string; environment?: Record<string, string> }

let thread: Worker | undefined
let last: Promise<unknown> = Promise.resolve()

const runNow = (file: string, words: readonly string[], { input = '', environment = {} }: Given): Promise<Ran> =>
  new Promise((resolve, reject) => {
    thread ??= new Worker(new URL('thread.ts', import.meta.url))
    const worker = thread
    const ran: Ran = { status: 0, output: '', errors: '' }
    const hear = ({ output = '', errors = '', status }: Told): void => {
      ran.output += output
      ran.errors += errors
      if (status !== undefined) done(() => resolve({ ...ran, status }))
    }
    const done = (settle: () => void): void => {
      worker.off('message', hear).off('error', fail).unref()
      settle()
    }
    /** The next command gets another thread. */
    const fail = (error: Error): void => {
      thread = undefined
      done(() => reject(error))
    }
    worker.on('message', hear).on('error', fail).ref()
    const asked: Asked = { file: join(projectRoot, file), words, input, environment }
    worker.postMessage(asked)
  })

/**
 * Runs a script as `npm run` would, but in a thread that has loaded before what it imports: that takes a process most of a
 * second each time, and the script itself some milliseconds. One runs after the other; each must have done all when it is loaded.
 *
 * @param file from the project's folder
 */
export const runCommand = (file: string, words: readonly string[], given: Given = {}): Promise<Ran> => {
  const running = last.then(() => runNow(file, words, given))
  last = running.catch(() => undefined)
  return running
}

/** Runs a script in a process of its own, as `npm run` does. @param file from the project's folder */
export const runProcess = async (file: string, words: readonly string[], given: Given = {}): Promise<Ran> => {
  const child = spawn(process.execPath, ['run.mjs', file, ...words], {
    cwd: projectRoot,
    env: { ...process.env, ...given.environment },
  })
  child.stdin.end(given.input ?? '')
  const ended = new Promise<number>((resolve) => child.on('close', (status) => resolve(status ?? -1)))
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { status: await ended, output, errors }
}
