/** What the emulator commands do without an emulator; with one, `npm run emulator:check` is their test. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, afterEach, describe, test } from 'node:test'
import { projectRoot } from '../../cdk/constructs/project.ts'
import { CannotError } from '../../cdk/operate/dead-letters/cannot-error.ts'
import { canLookFor, isOurs } from '../../cdk/operate/emulator/leftovers.ts'
import { install, startMiniStack } from '../../cdk/operate/emulator/ministack/start.ts'
import { isIdle } from '../../cdk/operate/emulator/steps/whole-shop.ts'
import { cdkEnvironment, endpointOfEmulator, openEmulator, resolvingNames } from '../../cdk/operate/emulator/which.ts'
import { prepareAssembly } from '../../cdk/operate/start/prepare.ts'
import { runCommand, runProcess } from '../support/command/run.ts'
import type { Json } from '../support/service.ts'

const nowhere = 'http://127.0.0.1:1'
const given = process.env.AWS_ENDPOINT_URL
afterEach(() => {
  if (given === undefined) delete process.env.AWS_ENDPOINT_URL
  else process.env.AWS_ENDPOINT_URL = given
})

const run = async (args: readonly string[], environment: NodeJS.ProcessEnv) => {
  const child = spawn(process.execPath, args, { cwd: projectRoot, env: { ...process.env, ...environment } })
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { status: await ended, out, err }
}

/** Answers these paths, and says that others are not there. */
const servers: { close(): void }[] = []
after(() => {
  for (const server of servers) server.close()
})
const answering = async (paths: Readonly<Record<string, string>>): Promise<number> => {
  const server = createServer(({ url = '' }, answer) => {
    answer.writeHead(url in paths ? 200 : 404).end(paths[url])
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  assert.ok(address && typeof address === 'object')
  return address.port
}

describe('which emulator', () => {
  const cases: [string, Record<string, string>][] = [
    ['MiniStack 1.2', { '/_ministack/health': '{"version":"1.2"}', '/_localstack/health': '{}' }],
    ['Floci 3', { '/_floci/health': '{"version":3}', '/_localstack/health': '{}' }],
    ['LocalStack of unknown version', { '/_localstack/health': 'yes' }],
    ['an emulator of a kind unknown to us', {}],
  ]
  for (const [told, paths] of cases)
    test(told, async () => {
      process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${await answering(paths)}/`
      const { name, version } = await openEmulator()
      assert.equal(`${name} ${version}`, told)
    })

  test('none: the ways to start one', async () => {
    process.env.AWS_ENDPOINT_URL = nowhere
    await assert.rejects(
      openEmulator(),
      (error) =>
        error instanceof CannotError &&
        /nothing answers/.test(error.message) &&
        /emulator:start/.test(error.nextStep ?? ''),
    )
  })

  test('what is no address is none', () => {
    process.env.AWS_ENDPOINT_URL = 'there'
    assert.throws(endpointOfEmulator, /AWS_ENDPOINT_URL is "there"/)
  })
})

test('nothing else that a shell says of AWS reaches cdklocal', () => {
  process.env.AWS_PROFILE = 'production'
  try {
    const environment = cdkEnvironment({ name: 'Floci', version: '1', endpoint: nowhere })
    assert.deepEqual(
      Object.keys(environment)
        .filter((name) => name.startsWith('AWS_'))
        .sort(),
      [
        'AWS_ACCESS_KEY_ID',
        'AWS_DEFAULT_REGION',
        'AWS_ENDPOINT_URL',
        'AWS_ENDPOINT_URL_S3',
        'AWS_ENVAR_ALLOWLIST',
        'AWS_REGION',
        'AWS_SECRET_ACCESS_KEY',
      ],
    )
    assert.deepEqual(
      { AWS_ENDPOINT_URL: environment.AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_S3: environment.AWS_ENDPOINT_URL_S3 },
      { AWS_ENDPOINT_URL: nowhere, AWS_ENDPOINT_URL_S3: nowhere },
    )
  } finally {
    delete process.env.AWS_PROFILE
  }
})

test('names under .localhost are this machine', async () => {
  const port = await answering({ '/': 'here' })
  const script = `console.log((await fetch('http://abc.execute-api.localhost:${port}/')).status)`
  const { out, err } = await run(['--input-type=module', '-e', script], { NODE_OPTIONS: resolvingNames })
  assert.deepEqual({ out, err }, { out: '200\n', err: '' })
})

describe('MiniStack', () => {
  test('where there is no Python it says so', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'no-python-'))
    const path = process.env.PATH
    process.env.PATH = folder
    try {
      await assert.rejects(install(join(folder, 'ministack')), /needs Python 3\.10 or newer/)
    } finally {
      process.env.PATH = path
      rmSync(folder, { recursive: true })
    }
  })

  test('where something answers already, it does not start', async () => {
    const port = await answering({ '/_localstack/health': '{"version":"4"}' })
    await assert.rejects(startMiniStack(port), new RegExp(`LocalStack 4 answers on port ${port} already`))
  })
})

describe('what is left', () => {
  test('is looked for, whatever the stacks hold', async () => {
    const assembly = await prepareAssembly()
    const types = globSync('*.template.json', { cwd: assembly }).flatMap((name) =>
      Object.values<Json>(JSON.parse(readFileSync(join(assembly, name), 'utf8')).Resources).map(({ Type }) => Type),
    )
    assert.ok(types.length > 100)
    for (const type of new Set(types))
      assert.ok(canLookFor(type), `${type}: say in leftovers.ts how to list it, or that it is a part of something`)
  })

  test('is told by its name', () => {
    for (const name of [
      'shop-dev',
      'shop-dev-orders-table8235A42E-1',
      '/aws/lambda/shop-dev-orders-relay',
      'http://127.0.0.1:4566/000000000000/shop-dev-orders-relay-dead-letters',
      'arn:aws:secretsmanager:eu-central-1:000000000000:secret:shop-dev-payments-x',
    ])
      assert.ok(isOurs(name), name)
    for (const name of ['default', '/aws/lambda/workshop-dev-x', 'cdk-hnb659fds-assets', 'a-shop-dev-x'])
      assert.ok(!isOurs(name), name)
  })
})

describe('after the tests', () => {
  test('all queues are empty, or some are not', () => {
    assert.ok(isIdle([{ name: 'shop-dev-a-b', messages: 0 }], ''))
    assert.ok(!isIdle([{ name: 'shop-dev-a-b', messages: 2 }], ''))
  })

  test('work that was given up is named', () => {
    const queues = [
      { name: 'shop-dev-a-b', messages: 2 },
      { name: 'shop-dev-a-b-dead-letters', messages: 1 },
    ]
    assert.throws(() => isIdle(queues, 'look'), /work was given up: shop-dev-a-b-dead-letters \(1\)/)
  })
})

describe('the command', () => {
  const command = (words: readonly string[]) =>
    runCommand('cdk/operate/commands/emulator.ts', words, { environment: { AWS_ENDPOINT_URL: nowhere } })

  test('says what there is', async () => {
    const { status, output } = await runProcess('cdk/operate/commands/emulator.ts', [])
    assert.equal(status, 2)
    assert.match(output, /emulator:deploy/)
    assert.equal((await command(['test', '--help'])).status, 0)
  })

  test('without an emulator says in two lines what to do', async () => {
    for (const word of ['deploy', 'test', 'destroy']) {
      const { status, errors } = await command([word])
      assert.equal(status, 1, word)
      assert.match(errors, /nothing answers on http:\/\/127\.0\.0\.1:1\nnext: start an emulator/)
    }
  })
})
