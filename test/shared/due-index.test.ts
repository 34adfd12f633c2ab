/** Which of what is due a sweep looks at. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { dueKeys, listDue } from '../../shared/runtime/due-index.ts'
import type { Table } from '../../shared/runtime/table.ts'

const hour = (number: number): string => `2026-01-01T${String(number).padStart(2, '0')}:00:00.000Z`

/** An index of such entries; all ids here end alike, so they share a partition. */
const indexOf = (entries: readonly Record<string, string>[]): Pick<Table, 'query'> => ({
  async query({ pk, sk, limit, backward = false }) {
    assert.ok(sk && 'between' in sk)
    const [from, to] = sk.between
    const found = entries
      .filter(({ gsi1pk, gsi1sk = '' }) => gsi1pk === pk && gsi1sk >= from && gsi1sk <= to)
      .toSorted((a, b) => (String(a.gsi1sk) < String(b.gsi1sk) ? -1 : 1))
    return { items: (backward ? found.toReversed() : found).slice(0, limit), lastKey: undefined }
  },
})

describe('what is due', () => {
  const entries = Array.from({ length: 10 }, (_, index) => dueKeys('gsi1', 'due', `${index}a`, hour(index)))
  const list = listDue(indexOf(entries), 'gsi1', 'due')

  test('is what stands before now, the oldest first', async () => {
    assert.deepEqual(await list(5, Date.parse(hour(2))), ['0a', '1a'])
  })

  test('is the latest beside the oldest where there is more than a run takes, each once', async () => {
    const untilMs = Date.parse(hour(9)) + 1
    assert.deepEqual(await list(3, untilMs), ['0a', '1a', '2a', '9a', '8a', '7a'])
    assert.deepEqual((await list(8, untilMs)).toSorted(), ['0a', '1a', '2a', '3a', '4a', '5a', '6a', '7a', '8a', '9a'])
  })
})
