/** `npm run rebuild-search`: writes the search index of a shop anew, part by part. Here or on AWS. */
import { rebuildSearch } from '../../../functions/published/catalog.ts'
import { openShop, readArguments, runCommand, shopOptions } from '../command-line/command.ts'
import { styled } from '../command-line/console.ts'
import type { Access } from '../dead-letters/access.ts'
import { CannotError, nextStepFor } from '../dead-letters/cannot-error.ts'
import { invoke } from '../dead-letters/invoke.ts'

const usage = `npm run rebuild-search -- [options]   writes the search index anew, from the products as they are

  For a catalogue that was filled before it had this index, and after a change of how words are made or of how the
  index is written. The shop stays open: what is found already stays found meanwhile, but of an index that was written
  otherwise, which fills up again.

  --stage NAME    the shop on AWS (dev, staging, prod), with the credentials of this shell; without: npm start's
  --folder PATH   where the shop on this machine keeps its data (default .shop)
  --from PLACE    goes on where an earlier run broke off, as it said
  --help          this text

  Ends with 0, with 2 when it could not be carried out.`

const options = () => readArguments({ options: { ...shopOptions, from: { type: 'string' } } }).values

const progress = (products: number): void => {
  if (process.stdout.isTTY) process.stdout.write(`\r${products} products`)
}

/** @returns how many products were written anew */
const rebuild = async (access: Access, start: string | undefined): Promise<number> => {
  const functionName = `${access.prefix}-${rebuildSearch.service}-${rebuildSearch.name}`
  let products = 0
  let from = start
  try {
    do {
      const input = from === undefined ? {} : { from }
      const part = rebuildSearch.output.parse(await invoke(access, functionName, JSON.stringify({ input })))
      products += part.products
      from = part.next ?? undefined
      progress(products)
    } while (from !== undefined)
    return products
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const goOn = from === start ? 'nothing was done: run it again' : `go on with --from ${from}`
    const nextStep = [nextStepFor(error), goOn].filter(Boolean).join('\n')
    throw new CannotError(`after ${products} products: ${reason}`, nextStep)
  } finally {
    if (process.stdout.isTTY) process.stdout.write('\r')
  }
}

const run = async (): Promise<undefined> => {
  const { stage, folder, from, help } = options()
  if (help) {
    console.log(usage)
    return undefined
  }
  const access = openShop({ stage, folder })
  const products = await rebuild(access, from)
  console.log(`${styled('green', '✓')} search knows ${products} products of ${access.shop} anew`)
}

await runCommand(run)
