/**
 * The simulation's own promises, and a few seeds. Many more run by `npm run simulate`; here it is shown that runs
 * repeat exactly, that nothing is broken, that the machine sees a bug when there is one, and makes its story small.
 */
import assert from 'node:assert/strict'
import { availableParallelism } from 'node:os'
import { after, describe, test } from 'node:test'
import { startEngine } from '../support/engine.ts'
import { runCampaign } from '../tools/simulation/command/campaign.ts'
import { shrink } from '../tools/simulation/command/shrink.ts'
import { startWorkerPool } from '../tools/simulation/command/worker-pool.ts'
import { faultKinds } from '../tools/simulation/faults/faults.ts'

const shoppers = [1, 2]
const pool = startWorkerPool(availableParallelism(), {})
after(() => pool.stop())

const storyOf = async (seed: number, from = pool) => {
  const { history, broken, faults } = await from.run({ seed, shoppers, history: true })
  return { history, broken, faults }
}

describe('a run', () => {
  test('repeats exactly, in whatever thread and after whatever other runs', async () => {
    for (const seed of [11, 12, 13]) {
      const [first, second] = await Promise.all([storyOf(seed), storyOf(seed)])
      assert.ok(first.history.length > 50)
      assert.deepEqual(first, second)
    }
  })

  test('tells the same story on the embedded engine as on the model', async () => {
    const engine = await startEngine()
    const real = startWorkerPool(1, { engine: engine.url })
    try {
      for (const seed of [21, 22, 23, 24]) assert.deepEqual(await storyOf(seed, real), await storyOf(seed))
    } finally {
      await real.stop()
      engine.stop()
    }
  })

  test('leaves everything as it was but the faults that are left out', async () => {
    const { faults } = await storyOf(31)
    assert.ok(faults.length > 1)
    const only = faults.slice(0, 1)
    const less = await pool.run({ seed: 31, shoppers, only })
    assert.deepEqual(less.faults, only)
  })
})

test('40 seeds, and more until every kind of fault has struck: every invariant holds', async () => {
  const atOnce = 20
  const struck = new Set<string>()
  for (let from = 31; from < 71 || (struck.size < faultKinds.length && from < 431); from += atOnce) {
    const options = { from, runs: atOnce, shoppers, stopAt: 1, hasProgress: false }
    const { failing, faults, runs } = await runCampaign(pool, options)
    assert.deepEqual(failing, [])
    assert.equal(runs, atOnce)
    for (const kind of faults.keys()) struck.add(kind)
  }
  assert.deepEqual([...struck].sort(), [...faultKinds].sort())
})

test('a call that was never crashed is, in the run that came to it', async () => {
  const [name, site] = [...(await pool.sites())].find(([, { crashedAfter }]) => crashedAfter === 0) ?? []
  assert.ok(name && site, 'so few runs leave some')
  const { seed, crashes, point } = site.seen
  const done = await pool.run({ seed, shoppers, crashes: [...crashes, { point, side: 'crash-after' }] })
  assert.equal(done.broken, undefined)
  assert.equal((await pool.sites()).get(name)?.crashedAfter, 1)
})

test('a consumer without deduplication is found, and its story is short', async () => {
  const saboteurs = startWorkerPool(1, { sabotage: 'consumer-without-deduplication' })
  try {
    const { failing } = await runCampaign(saboteurs, { from: 31, runs: 2_000, shoppers, stopAt: 1, hasProgress: false })
    const [first] = failing
    assert.ok(first, 'it must be found')
    assert.equal(first.broken?.invariant, 'S2')
    const story = await shrink(saboteurs, first, shoppers)
    assert.equal(story.done.broken?.invariant, 'S2')
    assert.ok(story.only.length <= 5 && story.shoppers.length <= 2)
  } finally {
    await saboteurs.stop()
  }
})
