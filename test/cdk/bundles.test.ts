/** What lies in the folder that is deployed for a function. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { describe, test } from 'node:test'
import { bundleFunctions } from '../../cdk/constructs/bundle.ts'
import { bundleTogether } from '../../cdk/constructs/bundle-passes.ts'
import { entriesOf, relayEntry } from '../../cdk/constructs/entries.ts'
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
    for (const [entry, { directory, bytes }] of await bundleFunctions(entries)) {
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

describe('making the bundles of a service', () => {
  test('gives the same bytes each time', async () => {
    const own = entriesOf(shipping).map(({ entry }) => entry)
    const [first, second] = [await bundleTogether(own, 'sandbox'), await bundleTogether(own, 'sandbox')]
    assert.deepEqual(first.files, second.files)
  })

  test('tells how many are done', async () => {
    const told: string[] = []
    await bundleFunctions(entries, 'sandbox', (done, total) => told.push(`${done} of ${total}`))
    assert.equal(told.at(-1), `${entries.length} of ${entries.length}`)
  })
})
