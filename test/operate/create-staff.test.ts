/** The `create-staff` command against a running shop that has no staff. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type Cloud, startCloud } from '../../cdk/local/cloud.ts'
import { prepareAssembly } from '../../cdk/operate/start/prepare.ts'
import { temporaryFolder } from '../local/fixtures/setting.ts'
import { runCommand, runProcess } from '../support/command/run.ts'
import type { Json } from '../support/service.ts'

const folder = temporaryFolder()
const state = join(folder.path, 'state')
let cloud: Cloud

before(async () => {
  cloud = await startCloud({ assembly: await prepareAssembly(), stateDirectory: state, port: 0 })
})

after(async () => {
  await cloud.stop()
  folder.remove()
})

const script = 'cdk/operate/commands/create-staff.ts'
const command = (words: readonly string[], input = '') => runCommand(script, ['--folder', state, ...words], { input })

const post = async (path: string, body: object): Promise<{ status: number; body: Json }> => {
  const response = await fetch(cloud.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: response.status, body: await response.json() }
}

const mayWork = async (email: string, password: string): Promise<boolean> => {
  const { body } = await post('/auth/login', { email, password })
  const headers = { authorization: `Bearer ${body.tokens?.accessToken}` }
  return (await fetch(`${cloud.url}/orders?scope=all`, { headers })).status === 200 && body.user.roles.includes('staff')
}

describe('create-staff', () => {
  test('makes an account with the password that comes in, and shows it nowhere', async () => {
    const password = 'a quiet harbour at dawn'
    const first = ['--folder', state, '--email', 'ada@example.com']
    const { status, output, errors } = await runProcess(script, first, { input: `${password}\n` })
    assert.deepEqual({ status, errors }, { status: 0, errors: '' })
    assert.match(output, /✓ ada@example\.com may log in as staff/)
    assert.doesNotMatch(output, /harbour/)
    assert.ok(await mayWork('ada@example.com', password))
    const again = await command(['--email', 'ada@example.com'], 'some other long password\n')
    assert.match(again.output, /was staff already/)
    assert.ok(await mayWork('ada@example.com', password))
  })

  test('makes a password up, and prints it once', async () => {
    const { status, output } = await command(['--email', 'bea@example.com', '--generate'])
    assert.equal(status, 0)
    assert.ok(await mayWork('bea@example.com', /password: (\S{32})/.exec(output)?.[1] ?? ''))
  })

  test('makes staff of an account that is there, which gets the password of the operator', async () => {
    const account = { email: 'cleo@example.com', password: 'long enough for staff, too' }
    assert.equal((await post('/auth/register', account)).status, 201)
    const { output } = await command(['--email', account.email, '--generate'])
    assert.match(output, /registered by somebody who never showed that the address is theirs; it is staff now/)
    const { status } = await post('/auth/login', account)
    assert.equal(status, 401)
    assert.ok(await mayWork(account.email, /password: (\S{32})/.exec(output)?.[1] ?? ''))
  })

  test('says what is wrong, and what to do', async () => {
    const cases: [string[], string, RegExp][] = [
      [[], '', /whose account\?\nsay --email/],
      [['--email', 'dan@example.com'], '', /no password came in\nsay --generate/],
      [['--email', 'dan@example.com'], 'short\n', /at least 15 characters/],
      [['--email', 'dan'], 'long enough for staff\n', /not accepted: email/],
    ]
    const answers = await Promise.all(cases.map(([words, input]) => command(words, input)))
    for (const [index, { status, output, errors }] of answers.entries()) {
      assert.match(errors, cases[index]?.[2] ?? /never/)
      assert.deepEqual({ status, output }, { status: 2, output: '' })
    }
  })
})
