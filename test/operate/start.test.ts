/** `npm start` as a process: what it says when it may not start, and what it leaves behind when it ends. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { projectRoot } from '../../cdk/constructs/project.ts'
import { preparationFailed } from '../../cdk/operate/start/preparation-failed.ts'
import { prepareAssembly } from '../../cdk/operate/start/prepare.ts'
import { ShopProblem } from '../../functions/client.ts'
import { eventually, temporaryFolder } from '../local/fixtures/setting.ts'

const folder = temporaryFolder()
const running = new Set<ChildProcess>()
before(async () => void (await prepareAssembly()))
after(() => {
  for (const child of running) child.kill('SIGKILL')
  folder.remove()
})

const startShop = (...options: string[]) => {
  const child = spawn(process.execPath, ['run.mjs', 'cdk/operate/commands/start.ts', '--no-samples', ...options], {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
  const exit = once(child, 'exit').then(([code]) => {
    running.delete(child)
    return Number(code)
  })
  return {
    pid: child.pid ?? 0,
    said: () => text,
    opened: () => eventually(() => /API\s+(http:\/\/127\.0\.0\.1:\d+)/.exec(text)?.[1]),
    interrupt: () => child.kill('SIGINT'),
    exit,
  }
}

/** Engines that have a file of the folder open. */
const enginesOn = (directory: string): string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && existsSync(`/proc/${name}/cmdline`))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(join(directory, 'tables.sqlite'))
      } catch {
        return false // It has ended meanwhile.
      }
    })

const refusal = async (...options: string[]): Promise<string> => {
  const shop = startShop(...options)
  assert.equal(await shop.exit, 1, shop.said())
  return shop.said()
}

describe('npm start', { timeout: 120_000 }, () => {
  test('beside a running shop names its process and address; --fresh leaves its data alone', async () => {
    const data = join(folder.path, 'beside')
    const first = startShop('--folder', data, '--port', '0')
    const url = await first.opened()
    writeFileSync(join(data, 'witness'), '')
    const inUse = new RegExp(`is in use by process ${first.pid}, which answers on ${url};`)
    for (const more of [[], ['--fresh'], ['--fresh', '--port', '0']])
      assert.match(await refusal('--folder', data, '--port', new URL(url).port, ...more), inUse)

    const other = join(folder.path, 'other')
    mkdirSync(other)
    writeFileSync(join(other, 'witness'), '')
    const said = await refusal('--folder', other, '--port', new URL(url).port, '--fresh')
    assert.match(said, new RegExp(`port ${new URL(url).port} is in use; choose another with --port`))
    assert.doesNotMatch(said, /preparing/, 'the port is looked at first')
    assert.ok(existsSync(join(other, 'witness')))

    assert.ok(existsSync(join(data, 'witness')))
    assert.equal((await fetch(`${url}/products`)).status, 200)
    first.interrupt()
    assert.equal(await first.exit, 0)
  })

  test('can be interrupted and started again at once, on the same port, and leaves no engine behind', async () => {
    const data = join(folder.path, 'again')
    const first = startShop('--folder', data, '--port', '0')
    const { port } = new URL(await first.opened())
    first.interrupt()
    // Ctrl-C gives the prompt back before the shop has closed: the next one waits for it.
    await eventually(() =>
      /ending|^$/.test(existsSync(join(data, 'lock')) ? readFileSync(join(data, 'lock'), 'utf8') : ''),
    )
    const second = startShop('--folder', data, '--port', port)
    assert.equal(await first.exit, 0)
    assert.match(first.said(), /The shop is closed\.\n$/)
    assert.equal(new URL(await second.opened()).port, port)
    second.interrupt()
    assert.equal(await second.exit, 0)
    if (process.platform === 'linux') assert.deepEqual(enginesOn(data), [])
    assert.ok(!existsSync(join(data, 'lock')))
  })

  test('with --fresh forgets what was there', async () => {
    const data = join(folder.path, 'fresh')
    mkdirSync(join(data, 'mail'), { recursive: true })
    writeFileSync(join(data, 'mail/old.eml'), '')
    const shop = startShop('--folder', data, '--port', '0', '--fresh')
    await shop.opened()
    assert.ok(!existsSync(join(data, 'mail/old.eml')))
    shop.interrupt()
    assert.equal(await shop.exit, 0)
  })

  test('refuses data in another currency, with the two ways out', async () => {
    const data = join(folder.path, 'currency')
    const first = startShop('--folder', data, '--port', '0')
    await first.opened()
    first.interrupt()
    await first.exit
    assert.equal(readFileSync(join(data, 'currency'), 'utf8'), 'EUR\n')
    writeFileSync(join(data, 'currency'), 'USD\n')
    assert.match(
      await refusal('--folder', data, '--port', '0'),
      /is in USD, and cdk\/stages\.ts says EUR: set the currency back to USD, or forget the data with --fresh/,
    )
    assert.equal(readFileSync(join(data, 'currency'), 'utf8'), 'USD\n')
    const again = startShop('--folder', data, '--port', '0', '--fresh')
    await again.opened()
    again.interrupt()
    assert.equal(await again.exit, 0)
  })

  test('refuses data that another version of the shop stored, with the way out', async () => {
    for (const version of [undefined, '0']) {
      const data = join(folder.path, `version-${version}`)
      mkdirSync(data)
      writeFileSync(join(data, 'currency'), 'EUR\n')
      if (version !== undefined) writeFileSync(join(data, 'data-version'), `${version}\n`)
      const said = await refusal('--folder', data, '--port', '0')
      assert.match(
        said,
        /was stored by another version of the shop, which this one cannot read: forget it with --fresh/,
      )
      assert.doesNotMatch(said, /\n\s+at /)
    }
  })

  test('says in one sentence why it could not be filled, and what to do', () => {
    const problem = { code: 'INTERNAL', detail: 'Something failed.' }
    assert.deepEqual(
      [true, false].map(
        (fills) => preparationFailed(new ShopProblem('GET /products', 500, problem), '/s', fills).message,
      ),
      [
        'GET /products answered 500 INTERNAL: Something failed; look into /s/logs, leave the samples out with --no-samples, or forget the data with --fresh',
        'GET /products answered 500 INTERNAL: Something failed; look into /s/logs, or forget the data with --fresh',
      ],
    )
  })

  test('lets in pages of this machine from any port, those of --origin, and no others', async () => {
    const shop = startShop(
      '--folder',
      join(folder.path, 'origins'),
      '--port',
      '0',
      '--origin',
      'http://192.168.1.20:5173',
    )
    const url = await shop.opened()
    const allowed = async (origin: string) => {
      const headers = { origin, 'access-control-request-method': 'POST' }
      const { headers: answered } = await fetch(`${url}/auth/guest`, { method: 'OPTIONS', headers })
      return answered.get('access-control-allow-origin')
    }
    for (const origin of [
      'http://localhost:8080',
      'http://127.0.0.1:4200',
      'https://localhost',
      'http://192.168.1.20:5173',
    ])
      assert.equal(await allowed(origin), origin)
    for (const origin of ['http://192.168.1.20:5174', 'http://localhost.example.com', 'https://example.com', 'null'])
      assert.equal(await allowed(origin), null)
    shop.interrupt()
    await shop.exit
    for (const origin of ['localhost:5173', 'http://localhost:5173/', 'http://*', '*'])
      assert.match(
        await refusal('--folder', join(folder.path, 'never'), '--port', '0', '--origin', origin),
        /--origin takes an origin such as http:\/\/192\.168\.1\.20:5173/,
      )
  })
})
