import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { startEngine } from '../../../cdk/local/dynamodb/engine.ts'
import { openSqlite } from '../../../cdk/local/state/state.ts'
import { temporaryFolder } from '../fixtures/setting.ts'

const folder = temporaryFolder()
after(folder.remove)

const given = process.env.SHOP_DYNAMODB_ENDPOINT

describe('the engine’s streams', () => {
  test('are indexed by what it asks of them, so that a write costs the same after many as after few', {
    skip: given ? 'another engine is in use' : false,
  }, async () => {
    const file = join(folder.path, 'tables.sqlite')
    // A second start finds the index there.
    for (const _ of [1, 2]) await (await startEngine(file)).stop()
    const database = openSqlite(file)
    const planOf = (query: string) =>
      database
        .prepare(`explain query plan ${query}`)
        .all()
        .map(({ detail }) => String(detail))
        .join('; ')
    // The engine's own two questions, word by word.
    const number = planOf(
      "SELECT COALESCE(MAX(CAST(sequence_number AS INTEGER)), 0) + 1 FROM _stream_records WHERE table_name = 'a'",
    )
    assert.match(number, /COVERING INDEX shop_stream_numbers \(table_name=\?\)/)
    const place = planOf(`SELECT event_name FROM _stream_records WHERE table_name = 'a' AND shard_id = 'b'
        AND CAST(sequence_number AS INTEGER) > 7 ORDER BY CAST(sequence_number AS INTEGER) ASC LIMIT 10`)
    assert.match(place, /^SEARCH _stream_records USING INDEX shop_stream_numbers \(table_name=\? AND <expr>>\?\)$/)
    database.close()
  })
})
