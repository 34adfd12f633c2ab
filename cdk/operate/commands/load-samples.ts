/** `npm run load-samples`: the sample catalogue with its stock, put into a running shop. Here or on AWS. */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { projectRoot } from '../../constructs/project.ts'
import { stageNamed } from '../../stages.ts'
import { styled, withProgress } from '../command-line/console.ts'
import { asStaff, shopUrl, toldOf, UsageError } from '../command-line/shop-by-url.ts'
import { loadSamples } from '../samples/load.ts'

const usage = `npm run load-samples -- [options]   puts the sample catalogue and its stock into a shop, to try it

  What is there already stays as it is; a load that broke off goes on when it is run again.

  --url URL       the shop's address; without: npm start's
  --folder PATH   where the shop on this machine keeps its data (default .shop)
  --currency C    the shop's, ISO 4217 (default ${stageNamed('dev').shop.currency})
  --help          this text

  A shop that is not on this machine wants a staff access token in SHOP_TOKEN.
  Ends with 0, with 2 when it could not be carried out.`

const options = () => {
  try {
    const { values } = parseArgs({
      options: {
        url: { type: 'string' },
        folder: { type: 'string', default: join(projectRoot, '.shop') },
        currency: { type: 'string', default: stageNamed('dev').shop.currency },
        help: { type: 'boolean', default: false },
      },
    })
    return values
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message.split('.')[0] : error}\n\n${usage}`)
  }
}

const run = async (): Promise<void> => {
  const { url: given, folder, currency, help } = options()
  if (help) return console.log(usage)
  const url = shopUrl(given, folder)
  const { created, existing } = await asStaff(url, (shop) =>
    withProgress('loading sample products', (show) =>
      loadSamples({ shop, currency, onProgress: (done, total) => show(`${done} of ${total}`) }),
    ),
  )
  console.log(`${styled('green', '✓')} ${created} sample products are new in ${url}, ${existing} were there`)
}

try {
  await run()
} catch (error) {
  console.error(`${styled('red', 'The samples were not loaded:')} ${toldOf(error)}`)
  process.exitCode = 2
}
