/** Replacing the key that signs access tokens, rehearsed on this machine's cloud: nobody is logged out. */
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { App } from 'aws-cdk-lib'
import { bundleFunctions } from '../../cdk/constructs/bundle/bundle.ts'
import { entriesOf, relayEntry } from '../../cdk/constructs/entries.ts'
import { checkedStage } from '../../cdk/constructs/stage.ts'
import { FrontStack } from '../../cdk/front-stack.ts'
import { GatewayStack } from '../../cdk/gateway-stack.ts'
import { IdentityStack } from '../../cdk/identity-stack.ts'
import { IssuerStack } from '../../cdk/issuer-stack.ts'
import { startCloud } from '../../cdk/local/cloud.ts'
import { nextStep } from '../../cdk/operate/rotate-key/rotation.ts'
import { stageNamed } from '../../cdk/stages.ts'
import { identity } from '../../functions/identity/contract.ts'
import { issuer } from '../../functions/issuer/contract.ts'
import type { SigningKey } from '../../shared/contract/signing-keys.ts'
import { temporaryFolder } from '../local/fixtures/setting.ts'
import { runCommand } from '../support/command/run.ts'
import type { Json } from '../support/service.ts'

const folder = temporaryFolder()
after(folder.remove)

const hour = 60 * 60_000
const hence = (ms: number): string => new Date(Date.now() + ms).toISOString()

/** Issuer, gateway and identity alone: what a token passes. */
const synthesise = async (name: string, signingKeys: SigningKey[]): Promise<string> => {
  const outdir = join(folder.path, name)
  const bundles = await bundleFunctions(
    [relayEntry, ...[issuer, identity].flatMap(entriesOf).map(({ entry }) => entry)],
    'functions/payments/providers/sandbox',
  )
  const context = { stage: checkedStage('dev', { ...stageNamed('dev'), signingKeys }), bundles }
  const app = new App({
    outdir,
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
    context: { 'aws:cdk:disable-asset-staging': true, '@aws-cdk/core:defaultCrossStackReferences': 'strong' },
  })
  const issuerStack = new IssuerStack(app, context)
  const gateway = new GatewayStack(app, context, issuerStack)
  new FrontStack(app, context, gateway, [new IdentityStack(app, context, gateway, issuerStack)])
  app.synth()
  return outdir
}

type Deployed = {
  /** @returns the access token of a new guest, and the key that signed it */
  token(): Promise<{ token: string; kid: string }>
  /** Whether a route that needs a token takes this one. */
  takes(token: string): Promise<boolean>
  published(): Promise<string[]>
}

/** The address is the `iss` of all tokens: it must stay the same. */
let port = 0

/** As a deployment over the last one: keys and tables stay what they were. */
const deployed = async (name: string, keys: SigningKey[], look: (shop: Deployed) => Promise<void>): Promise<void> => {
  const assembly = await synthesise(name, keys)
  const cloud = await startCloud({ assembly, stateDirectory: join(folder.path, 'state'), port })
  port = Number(new URL(cloud.url).port)
  try {
    await look({
      async token() {
        const response = await fetch(`${cloud.url}/auth/guest`, { method: 'POST' })
        const body: Json = await response.json()
        const token: string = body.tokens.accessToken
        const { kid } = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString())
        return { token, kid }
      },
      async takes(token) {
        const headers = { authorization: `Bearer ${token}` }
        const { status } = await fetch(`${cloud.url}/users/usr_x/roles`, { headers })
        // Valid, but not of staff.
        if (status !== 401) assert.equal(status, 403)
        return status === 403
      },
      async published() {
        const url = Object.values(cloud.outputs).find((outputs) => 'IssuerUrl' in outputs)?.IssuerUrl
        const body: Json = await (await fetch(`${url}/.well-known/jwks.json`)).json()
        return body.keys.map(({ kid }: { kid: string }) => kid)
      },
    })
  } finally {
    await cloud.stop()
  }
}

describe('a rotation', () => {
  test('logs nobody out: both keys are known before the new one signs, and old tokens live on until they end', async () => {
    const first = { name: 'key-1' }
    const second = (signsFrom: string) => ({ name: 'key-2', signsFrom })
    let [old, fresh] = ['', '']
    await deployed('before', [first], async (shop) => {
      const { token, kid } = await shop.token()
      assert.equal(kid, 'key-1')
      assert.ok(await shop.takes(token))
      old = token
    })
    await deployed('published', [first, second(hence(3 * hour))], async (shop) => {
      assert.deepEqual(await shop.published(), ['key-1', 'key-2'])
      assert.equal((await shop.token()).kid, 'key-1')
      assert.ok(await shop.takes(old))
    })
    await deployed('signing', [first, second(hence(-60_000))], async (shop) => {
      assert.deepEqual(await shop.published(), ['key-1', 'key-2'])
      const { token, kid } = await shop.token()
      assert.equal(kid, 'key-2')
      assert.ok(await shop.takes(token))
      assert.ok(await shop.takes(old))
      fresh = token
    })
    await deployed('ended', [first, second(hence(-1.1 * hour))], async (shop) => {
      assert.deepEqual(await shop.published(), ['key-2'])
      assert.ok(await shop.takes(fresh))
      assert.ok(!(await shop.takes(old)), 'the key that signed it has ended')
    })
    await deployed('dropped', [second(hence(-1.1 * hour))], async (shop) => {
      assert.deepEqual(await shop.published(), ['key-2'])
      assert.ok(await shop.takes(fresh))
      assert.equal((await shop.token()).kid, 'key-2')
    })
  })

  test('needs no export of a key: CloudFormation would keep one that another stack uses', async () => {
    const outdir = await synthesise('exports', [{ name: 'key-1' }])
    const { Outputs } = JSON.parse(readFileSync(join(outdir, 'shop-dev-issuer.template.json'), 'utf8'))
    assert.ok(Object.keys(Outputs).length > 0)
    assert.doesNotMatch(JSON.stringify(Outputs), /key1/i)
  })
})

describe('the steps of a rotation', () => {
  const at = Date.parse('2026-11-29T10:00:30Z')
  const signsFrom = '2026-11-30T10:01:00.000Z'

  test('are: a new key that signs later, waiting until the old one has ended, the new one alone', () => {
    const first = nextStep([{ name: 'key-7' }], at, 24 * hour)
    const keys = [{ name: 'key-7' }, { name: 'key-8', signsFrom }]
    assert.deepEqual(first, { kind: 'published', keys, next: 'key-8', atMs: Date.parse(signsFrom) })
    for (const later of [at, Date.parse(signsFrom), Date.parse(signsFrom) + hour - 1])
      assert.deepEqual(nextStep(keys, later, 24 * hour), {
        kind: 'waiting',
        next: 'key-8',
        atMs: Date.parse(signsFrom),
        untilMs: Date.parse(signsFrom) + hour,
      })
    const last = nextStep(keys, Date.parse(signsFrom) + hour, 24 * hour)
    assert.deepEqual(last, { kind: 'dropped', keys: [{ name: 'key-8', signsFrom }], ended: ['key-7'] })
  })
})

describe('npm run rotate-key', () => {
  const script = 'cdk/operate/commands/rotate-key.ts'
  const file = join(folder.path, 'keys', 'signing-keys.json')
  const write = (keys: object) => {
    mkdirSync(join(folder.path, 'keys'), { recursive: true })
    writeFileSync(file, JSON.stringify(keys))
  }
  const read = () => JSON.parse(readFileSync(file, 'utf8'))
  const command = (...words: string[]) => runCommand(script, ['--file', file, ...words])

  test('writes the new key, waits, and takes the old one off the list of that stage alone', async () => {
    write({ dev: [{ name: 'key-1' }], prod: [{ name: 'key-1' }] })
    const first = await command('--stage', 'prod', '--hours', '5')
    assert.equal(first.status, 0, first.errors)
    assert.match(first.output, /key-2 signs from .* UTC; it must be deployed before/)
    assert.match(first.output, /cdk deploy --all -c stage=prod/)
    const { dev, prod } = read()
    assert.deepEqual(dev, [{ name: 'key-1' }])
    const [, { name, signsFrom }] = prod
    assert.equal(name, 'key-2')
    const hours = (Date.parse(signsFrom) - Date.now()) / hour
    assert.ok(hours > 4.9 && hours < 5.1)
    const again = await command('--stage', 'prod')
    assert.match(again.output, /the key before it ends at/)
    assert.deepEqual(read().prod, prod)
    const since = hence(-2 * hour)
    write({ dev, prod: [{ name: 'key-1' }, { name: 'key-2', signsFrom: since }] })
    assert.match((await command('--stage', 'prod')).output, /key-1 signed the last valid token long ago/)
    assert.deepEqual(read(), { dev, prod: [{ name: 'key-2', signsFrom: since }] })
  })

  test('changes nothing where it is asked for what cannot be', async () => {
    write({ dev: [{ name: 'key-1' }] })
    for (const [words, said] of [
      [[], /which stage's key\?/],
      [['--stage', 'moon'], /there is no stage moon\nit is one of dev/],
      [['--stage', 'dev', '--hours', '2'], /--hours takes a number from 3, not "2"/],
      [['--stage', 'dev', '--hours', 'soon'], /--hours takes a number from 3, not "soon"/],
      [['--moon'], /Unknown option '--moon'/],
    ] as const) {
      const { status, errors } = await command(...words)
      assert.equal(status, 2)
      assert.match(errors, said)
    }
    assert.deepEqual(read(), { dev: [{ name: 'key-1' }] })
  })
})
