/** MiniStack on this machine, without Docker: in a Python environment of its own, which is no part of the system. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { projectRoot } from '../../../constructs/project.ts'
import { withProgress } from '../../command-line/console.ts'
import { CannotError } from '../../dead-letters/cannot-error.ts'
import { findEmulator, resolvingNames } from '../which.ts'

/** The one place that names versions. `cryptography` is what it checks the signatures of tokens with. */
const version = '1.5.33'
const packages = [`ministack==${version}`, 'cryptography==50.0.2']

const cache = join(projectRoot, 'node_modules/.cache/ministack')

/** @returns what went wrong; nothing where nothing did */
const problemOf = (command: string, args: readonly string[]): string | undefined => {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8', timeout: 300_000 })
  if (error) return error.message
  return status === 0 ? undefined : stderr.trim().split('\n').slice(-5).join('\n') || `${command} ended with ${status}`
}

/** @returns the Python that has MiniStack; installed at the first time @throws CannotError when it cannot be */
export const install = async (directory = join(cache, version)): Promise<string> => {
  const python = join(directory, 'bin/python')
  const mark = join(directory, 'installed')
  if (existsSync(mark)) return python
  if (problemOf('python3', ['-c', 'import sys, venv, ensurepip; assert sys.version_info >= (3, 10)']))
    throw new CannotError(
      'MiniStack needs Python 3.10 or newer with its venv module, and python3 is not that here',
      'install it (Debian, Ubuntu: apt-get install python3-venv), or start another emulator: see cdk/operate/EMULATORS.md',
    )
  await withProgress(`installing MiniStack ${version}, this once`, async () => {
    rmSync(directory, { recursive: true, force: true })
    const problem =
      problemOf('python3', ['-m', 'venv', directory]) ??
      problemOf(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages])
    if (problem) throw new CannotError(`MiniStack was not installed: ${problem}`, 'does pip reach a package index?')
    writeFileSync(mark, packages.join('\n'))
  })
  return python
}

/** Ends the process and waits until it has; it ends its functions. */
const end = async (child: ChildProcess): Promise<void> => {
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
  await ended
  clearTimeout(timer)
}

const startPatienceMs = 60_000

const waitUntilItAnswers = async (child: ChildProcess, log: string): Promise<void> => {
  const until = Date.now() + startPatienceMs
  while (!(await findEmulator())) {
    if (child.exitCode !== null || Date.now() > until)
      throw new CannotError('MiniStack did not start', `see what it says in ${log}`)
    await sleep(200)
  }
}

export type MiniStack = { log: string; ended: Promise<unknown>; stop: () => Promise<void> }

/**
 * Listens on 127.0.0.1 only, and forgets everything when it ends. Sets AWS_ENDPOINT_URL of this process.
 * @throws CannotError when it cannot be installed or started, or the port is taken
 */
export const startMiniStack = async (port: number): Promise<MiniStack> => {
  process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${port}`
  const found = await findEmulator()
  if (found)
    throw new CannotError(`${found.name} ${found.version} answers on port ${port} already`, 'use it, or end it first')
  const python = await install()
  const log = join(cache, `${port}.log`)
  mkdirSync(dirname(log), { recursive: true })
  const folder = mkdtempSync(join(tmpdir(), 'emulator-'))
  const child = spawn(python, [join(import.meta.dirname, 'run_ministack.py')], {
    stdio: ['ignore', openSync(log, 'w'), openSync(log, 'a')],
    env: {
      // Functions run with the Node on the PATH: the one that runs this.
      PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
      HOME: process.env.HOME,
      // What it unpacks; it does not tidy up itself.
      TMPDIR: folder,
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      LAMBDA_EXECUTOR: 'local',
      // Functions have its environment: they too ask for names under .localhost.
      NODE_OPTIONS: resolvingNames,
    },
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const stop = async () => {
    await end(child)
    rmSync(folder, { recursive: true, force: true })
  }
  process.once('exit', () => child.kill('SIGKILL'))
  try {
    await withProgress(`starting MiniStack ${version}`, () => waitUntilItAnswers(child, log))
  } catch (error) {
    await stop()
    throw error
  }
  return { log, ended, stop }
}
