/** `npm run resolve-stack`: from the stack of a deployed function to the line that threw. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { bundleFunctions } from '../../cdk/constructs/bundle/bundle.ts'
import { entriesOf } from '../../cdk/constructs/entries.ts'
import { projectRoot } from '../../cdk/constructs/project.ts'
import { providerFolder } from '../../cdk/constructs/stage.ts'
import { stageNamed } from '../../cdk/stages.ts'
import { carts } from '../../functions/carts/contract.ts'
import { runProcess } from '../support/command/run.ts'

const command = 'cdk/operate/commands/resolve-stack.ts'

/** What the deployed bundle throws at an event that is no request. */
const thrownByBundle = async (): Promise<string> => {
  const entries = entriesOf(carts)
  const bundles = await bundleFunctions(
    entries.map(({ entry }) => entry),
    providerFolder(stageNamed('dev')),
  )
  const bundle = bundles.get(entries.find(({ name }) => name === 'create-cart')?.entry ?? '')
  assert.ok(bundle)
  const { handler }: { handler: (event: object, context: object) => Promise<unknown> } = await import(
    pathToFileURL(join(bundle.directory, 'index.mjs')).href
  )
  const error: unknown = await handler({}, {}).then(
    () => assert.fail('the bundle answers an event that is no request'),
    (reason) => reason,
  )
  assert.ok(error instanceof Error && error.stack !== undefined)
  assert.match(error.stack, /index\.mjs:\d+:\d+/)
  return error.stack
}

/** The text at a place such as `shared/runtime/serve.ts:249:45`. */
const textAt = (place: string): string => {
  const [path = '', line, column] = place.split(':')
  const text = readFileSync(join(projectRoot, path), 'utf8').split('\n')[Number(line) - 1] ?? ''
  return text.slice(Number(column) - 1)
}

describe('npm run resolve-stack', () => {
  test('names the line of the source, of a bare stack and of a log line', async () => {
    const stack = await thrownByBundle()
    const bare = await runProcess(command, ['--function', 'carts/create-cart'], { input: stack })
    assert.equal(bare.errors, '')
    const [, place = ''] = /at (\S+\.ts:\d+:\d+)/.exec(bare.output) ?? []
    assert.match(place, /^shared\/runtime\/[a-z-]+\.ts:/)
    // The message tells which property of nothing was read: there it stands.
    const [, property = ''] = /reading '(\w+)'/.exec(stack) ?? []
    assert.ok(property && textAt(place).startsWith(property), `${place}: ${textAt(place)}`)

    const line = JSON.stringify({ level: 'ERROR', service: 'carts', function: 'create-cart', error: { stack } })
    const logged = await runProcess(command, [], { input: line })
    assert.deepEqual({ ...logged, output: logged.output.includes(place) }, { status: 0, errors: '', output: true })
  })

  test('says what is missing', async () => {
    const frame = '    at q (/var/task/index.mjs:1:100)'
    for (const [words, input, reason] of [
      [[], 'all is well', /no frame such as/],
      [[], frame, /say it with --function/],
      [['--function', 'carts/moon'], frame, /there is no function carts\/moon/],
    ] as const) {
      const { status, errors } = await runProcess(command, [...words], { input })
      assert.equal(status, 2)
      assert.match(errors, reason)
    }
  })
})
