/** Sources change; a deliberate bug whose text is no longer there would be found by nobody. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { projectRoot } from '../../cdk/constructs/project.ts'
import { sabotages } from '../tools/simulation/sabotages/sabotages.ts'

describe('deliberate bugs', () => {
  for (const { name, edits } of sabotages)
    test(`${name} can still be made`, () => {
      assert.ok(edits.length > 0)
      for (const { file, from, to } of edits) {
        const found = readFileSync(join(projectRoot, file), 'utf8').split(from).length - 1
        assert.equal(found, 1, `"${from}" in ${file}`)
        assert.notEqual(from, to)
      }
    })
})
