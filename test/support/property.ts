/**
 * fast-check with the run's seed: TEST_SEED, which `npm test` draws and prints, and takes by `-- --seed N`. A property that
 * fails says its seed and path itself; the same seed tries the same cases again.
 */
import fc from 'fast-check'

const given = process.env.TEST_SEED

/** Whether `npm run campaign` runs: as many cases as there are, however long they take. */
export const isCampaign = process.env.TEST_CAMPAIGN === '1'

/** A whole number of 31 bits, as fast-check takes it. @throws Error where the variable holds something else */
const seedOf = (text: string): number => {
  const seed = Number(text)
  if (!Number.isInteger(seed) || Math.abs(seed) > 0x7fffffff) throw new Error(`TEST_SEED is no whole number: "${text}"`)
  return seed
}

/** The run's seed, for what a test draws outside of a property; zero where a file is run by itself. */
export const testSeed = given === undefined ? 0 : seedOf(given)

if (given !== undefined) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: testSeed })

export { fc }
