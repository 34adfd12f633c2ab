/** The command that prints which orders do not add up, against a shop that is not there. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { announce } from '../../cdk/local/state/announcement.ts'
import { runProcess } from '../support/command/run.ts'
import { reconcile } from '../support/reconcile.ts'

describe('npm run reconcile', () => {
  const one = 'ord_01K00000000000000000000001'
  const two = 'ord_01K00000000000000000000002'
  const checkedAt = '2026-11-21T12:00:00.000Z'
  /** A shop with two orders that do not add up, on two pages. */
  const asked: string[] = []
  const server = createServer(({ method, url, headers }, answer) => {
    asked.push(`${method} ${url} ${headers.authorization ?? ''}`.trim())
    const send = (status: number, body: object) =>
      answer.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (url === '/auth/login') return send(200, { tokens: { accessToken: 'local' } })
    if (headers.authorization === 'Bearer wrong')
      return send(403, { code: 'FORBIDDEN', detail: 'This needs a staff account.' })
    if (url?.includes('cursor=next'))
      return send(200, {
        data: [
          { orderId: one, drifts: ['cancelled-keeps-money', 'captured-not-total'], since: '2026-11-21T10:00:00.000Z' },
        ],
        next_cursor: null,
        checkedAt,
      })
    return send(200, {
      data: [{ orderId: two, drifts: ['sent-not-captured'], since: '2026-11-21T11:37:00.000Z' }],
      next_cursor: 'next',
      checkedAt,
    })
  })
  const listening = new Promise<string>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`)
    })
  })
  after(() => server.close())

  test('prints each order, the oldest first, and ends with 1', async () => {
    const { status, output } = await reconcile(['--url', await listening], { SHOP_TOKEN: '' })
    assert.equal(status, 1)
    assert.match(output, /2 orders do not add up/)
    assert.match(
      output,
      new RegExp(`${one} +2 h +cancelled-keeps-money, captured-not-total\n +${two} +23 min +sent-not-captured`),
    )
    assert.deepEqual(asked.slice(0, 3), [
      'POST /auth/login',
      'GET /reports/reconciliation?limit=100&olderThanMinutes=15 Bearer local',
      'GET /reports/reconciliation?limit=100&olderThanMinutes=15&cursor=next Bearer local',
    ])
  })

  test('says what is wrong when it cannot ask, and ends with 2', async () => {
    const url = await listening
    const cases: [string[], Record<string, string>, RegExp][] = [
      [['--url', 'https://api.example.com'], { SHOP_TOKEN: '' }, /set SHOP_TOKEN to a staff access token/],
      [['--url', 'nowhere'], {}, /--url takes an address/],
      [['--minutes', 'soon'], {}, /--minutes takes a whole number, not "soon"/],
      [['--hours', '1'], {}, /Unknown option '--hours'/],
      [
        ['--url', url],
        { SHOP_TOKEN: 'wrong' },
        /answered 403 FORBIDDEN: This needs a staff account[\s\S]*lasts 15 minutes/,
      ],
      [['--url', 'http://127.0.0.1:1'], {}, /open it with npm start/],
      [['--url', 'http://abc.execute-api.localhost:1'], { SHOP_TOKEN: '' }, /open it with npm start/],
      [['--url', 'http://shop.invalid'], { SHOP_TOKEN: 'a' }, /ENOTFOUND|EAI_AGAIN[\s\S]*what the output ApiUrl says/],
    ]
    for (const [args, environment, said] of cases) {
      const { status, errors } = await reconcile(args, environment)
      assert.equal(status, 2, args.join(' '))
      assert.match(errors, said)
      assert.doesNotMatch(errors, /\n +at /, 'no stack')
    }
  })

  test('finds the shop that runs on a folder, whatever its port, and says where none does', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'shop-folder-'))
    try {
      const nobody = await reconcile(['--folder', folder])
      assert.equal(nobody.status, 2)
      assert.match(
        nobody.errors,
        /no shop runs on .*: open it with npm start, give its folder with --folder, or its --url/,
      )
      announce(folder, { url: await listening, awsEndpoint: 'http://127.0.0.1:1', region: 'eu-central-1' })
      const { status, output } = await reconcile(['--folder', folder], { SHOP_TOKEN: '' })
      assert.match(output, /2 orders do not add up/)
      assert.equal(status, 1)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test('--help, as a process', async () => {
    const { status, output } = await runProcess('cdk/operate/commands/reconcile.ts', ['--help'])
    assert.equal(status, 0)
    assert.match(output, /--minutes N/)
  })
})
