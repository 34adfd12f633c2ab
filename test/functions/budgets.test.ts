/** Tables of round trips: what stands in one is a function's, and a test holds it to it. */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { entriesOf } from '../../cdk/constructs/entries.ts'
import { projectRoot } from '../../cdk/constructs/project.ts'
import { services } from '../../functions/services.ts'
import type { Budgets } from '../support/round-trips.ts'

const files = globSync('test/functions/*/budgets.ts', { cwd: projectRoot })

describe('the budgets of every service', () => {
  test('stand beside its tests, where it has a table', () => {
    const there = files.map((file) => basename(dirname(file)))
    assert.deepEqual(
      services.flatMap(({ name, table }) => (table && !there.includes(name) ? [name] : [])),
      [],
    )
  })

  for (const file of files) {
    const folder = dirname(file)
    test(`${basename(folder)}: are of its functions, and held by its tests`, async () => {
      const { budgets }: { budgets: Budgets } = await import(pathToFileURL(join(projectRoot, file)).href)
      const service = services.find(({ name }) => name === basename(folder))
      assert.ok(service, folder)
      const functions = entriesOf(service).map(({ name }) => name)
      const tests = globSync(`${folder}/*.test.ts`, { cwd: projectRoot })
        .map((path) => readFileSync(join(projectRoot, path), 'utf8'))
        .join('\n')
      for (const name of Object.keys(budgets)) {
        assert.ok(functions.includes(name.split(':')[0] ?? ''), `${name} is no function`)
        assert.ok(tests.includes(`budgets['${name}']`) || tests.includes(`budgets.${name}`), `no test holds ${name}`)
      }
    })
  }
})
