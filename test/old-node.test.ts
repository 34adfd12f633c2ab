/** What an older Node says of the scripts: each of them names the way that works. */
import assert from 'node:assert/strict'
import { execFileSync, type SpawnSyncReturns, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { after, describe, test } from 'node:test'
import * as z from 'zod/mini'
import { projectRoot } from '../cdk/constructs/project.ts'

const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')))
const { app } = z.object({ app: z.string() }).parse(JSON.parse(readFileSync(join(projectRoot, 'cdk.json'), 'utf8')))

const commands = [...Object.values(scripts), app].filter((command) => command.startsWith('node '))

/** A Node of this machine that is older than 24, where there is one. */
const olderNode: string | undefined = (process.env.PATH ?? '')
  .split(delimiter)
  .map((place) => join(place, 'node'))
  .find(
    (file) => existsSync(file) && Number(/^v(\d+)/.exec(execFileSync(file, ['--version']).toString())?.[1] ?? 24) < 24,
  )

const folder = mkdtempSync(join(tmpdir(), 'old-node-'))
after(() => rmSync(folder, { recursive: true }))

/** Runs the launcher as a Node of that version would see it, in a folder that has one of its own or none. */
const runAs = (version: string, brought: boolean) => {
  const place = join(folder, `${version}-${brought}`)
  mkdirSync(join(place, 'node_modules/.bin'), { recursive: true })
  cpSync(join(projectRoot, 'run.mjs'), join(place, 'run.mjs'))
  if (brought) writeFileSync(join(place, 'node_modules/.bin/node'), '')
  const pretence = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`
  const preload = `data:text/javascript,${encodeURIComponent(pretence)}`
  return spawnSync(process.execPath, ['--import', preload, 'run.mjs', 'cdk/operate/commands/start.ts'], {
    cwd: place,
    encoding: 'utf8',
  })
}

describe('every script', () => {
  test('goes through the launcher, which any Node can read', () => {
    assert.ok(commands.length > 10)
    for (const command of commands) assert.match(command, /^node run\.mjs (cdk|test)\/[\w/-]+\.ts( |$)/)
  })
})

describe('a Node that is too old', () => {
  test('is told of the one that npm finds', () => {
    const { status, stderr } = runAs('20.20.2', true)
    assert.equal(status, 1)
    assert.equal(
      stderr.trim(),
      'This needs Node 24, and here it is 20.20.2: use `npm start`, `npm test`, `npm run …` or `npx cdk …`, which find the Node 24 that npm install brought along.',
    )
  })

  test('is told to install first, where nothing is installed', () => {
    const { status, stderr } = runAs('22.12.0', false)
    assert.equal(status, 1)
    assert.match(stderr, /^This needs Node 24, and here it is 22\.12\.0: run `npm install`.*`npm start`/)
    assert.equal(stderr.trim().split('\n').length, 1)
  })

  test('says the same when it is one for real', (t) => {
    if (olderNode === undefined) return t.diagnostic('this machine has none')
    for (const command of commands) {
      const [, ...words] = command.split(' ')
      const ended: SpawnSyncReturns<string> = spawnSync(olderNode, words, { cwd: projectRoot, encoding: 'utf8' })
      assert.equal(ended.status, 1, command)
      assert.match(
        ended.stderr,
        /^This needs Node 24, and here it is \d+\.\d+\.\d+: (use `npm start`|run `npm install`)/,
      )
    }
  })
})
