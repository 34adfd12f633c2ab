/**
 * `npm run replay -- FILE`: replays a file of real invoices against the shop and reconciles the books.
 * Exit status 0: everything adds up; 1: something does not; 2: wrong usage, or a file that cannot be used.
 */
import { parseArgs } from 'node:util'
import { FileError } from './invoices/csv.ts'
import { readPlan, replay } from './replay.ts'
import { runningShop, type Shop, startTemporaryShop } from './shop/shop.ts'

const usage = `npm run replay -- FILE [--url URL] [--concurrency N] [--limit N]   replays invoices as orders, and reconciles

  FILE             a CSV of invoice lines, plain or gzipped, with the columns
                   InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country;
                   an InvoiceDate is written 2010-12-01 09:37:00
  --url URL        a shop that runs already (default: one of its own, in a temporary folder); staff log in
                   with SHOP_STAFF_EMAIL and SHOP_STAFF_PASSWORD, or as the local shop's staff
  --concurrency N  how many customers shop at once (1 to 64, default 4)
  --limit N        only the first N invoices, in time order
  --help           this text`

class UsageError extends Error {
  override readonly name = 'UsageError'
}

const wholeNumber = (name: string, text: string, most: number): number => {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1 || value > most)
    throw new UsageError(`--${name} takes a whole number from 1 to ${most}, not "${text}"`)
  return value
}

const urlOf = (text: string): string => {
  if (!/^https?:$/.test(URL.parse(text)?.protocol ?? ''))
    throw new UsageError(`--url takes an address such as http://127.0.0.1:3000, not "${text}"`)
  return text
}

const parsed = (args: readonly string[]) => {
  try {
    const options = { url: { type: 'string' }, concurrency: { type: 'string' }, limit: { type: 'string' } } as const
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message.split('. ')[0] : String(error))
  }
}

const optionsOf = (args: readonly string[]) => {
  const { values, positionals } = parsed(args)
  const [file, ...more] = positionals
  if (file === undefined || more.length > 0) throw new UsageError(file === undefined ? 'name a file' : 'name one file')
  return {
    file,
    url: values.url === undefined ? undefined : urlOf(values.url),
    concurrency: wholeNumber('concurrency', values.concurrency ?? '4', 64),
    limit: values.limit === undefined ? undefined : wholeNumber('limit', values.limit, 10_000_000),
  }
}

let isBreakingOff = false

/** Nothing that the replay started or wrote outlives it, also when it is broken off, and told so twice. */
const breakOff = async (shop: Shop): Promise<void> => {
  if (isBreakingOff) return
  isBreakingOff = true
  try {
    await shop.stop()
  } finally {
    console.error('\nThe replay was broken off.')
    process.exit(1)
  }
}

const main = async (): Promise<number> => {
  if (process.argv.slice(2).includes('--help')) {
    console.log(usage)
    return 0
  }
  const { url, limit, ...options } = optionsOf(process.argv.slice(2))
  const plan = await readPlan(options.file, limit)
  const shop = url === undefined ? await startTemporaryShop() : runningShop(url)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void breakOff(shop))
  try {
    const { findings, report } = await replay(plan, shop, { ...options, output: process.stderr })
    console.log(`\n${report}`)
    return findings.wrong.length === 0 ? 0 : 1
  } finally {
    await shop.stop()
  }
}

try {
  process.exitCode = await main()
} catch (error) {
  if (error instanceof UsageError) console.error(`${error.message}\n\n${usage}`)
  else if (error instanceof FileError) console.error(error.message)
  else console.error(`The replay broke off: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = error instanceof UsageError || error instanceof FileError ? 2 : 1
}
