/** What lies in the folder that is deployed for a function. */
import assert from 'node:assert/strict'
import { globSync, readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { describe, test } from 'node:test'
import type { Plugin, PluginBuild } from 'esbuild'
import { bundleFunctions } from '../../cdk/constructs/bundle/bundle.ts'
import { replacedFiles, replacedModules } from '../../cdk/constructs/bundle/bundle-diet.ts'
import { bundleTogether } from '../../cdk/constructs/bundle/bundle-passes.ts'
import { entriesOf, relayEntry } from '../../cdk/constructs/entries.ts'
import { projectRoot } from '../../cdk/constructs/project.ts'
import { payments } from '../../functions/payments/contract.ts'
import { shipping } from '../../functions/shipping/contract.ts'

const entries = [relayEntry, ...entriesOf(shipping).map(({ entry }) => entry)]

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
  const files = globSync('{aws-xray-sdk-core,lib-address}/**/*.{js,mjs,json}', { cwd: packages }).map((path) =>
    join(packages, path),
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
    const others = globSync(['xss/lib/*.js', 'cls-hooked/*.js'], { cwd: packages }).map((path) =>
      readFileSync(join(packages, path), 'utf8'),
    )
    for (const name of Object.keys(replacedModules))
      assert.ok(
        [...sources, ...others].some((text) => new RegExp(`["']${name}["']`).test(text)),
        name,
      )
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
