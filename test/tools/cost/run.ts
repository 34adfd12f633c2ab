/**
 * `npm run cost`: what the shop costs on AWS, from what it uses here. A missed goal is said and is no failure; exit status
 * 2 where it could not be measured.
 */
import { parseArgs } from 'node:util'
import { styled, withProgress } from '../../../cdk/operate/command-line/console.ts'
import { prepareAssembly } from '../../../cdk/operate/start/prepare.ts'
import { stageNames } from '../../../cdk/stages.ts'
import { measureActions } from './actions.ts'
import { visitOf } from './costs.ts'
import { printDetail } from './detail.ts'
import { openMeteredShop } from './meter.ts'
import { printIdle, printMonths, printPerMillion, printSources } from './print.ts'
import { countStanding } from './standing.ts'

const usage = `npm run cost -- [options]   what the shop costs on AWS: dollars for a million of each action, and by the month

  --orders N            orders a month (default 100000)
  --views-per-order N   product pages looked at for each order (default 30)
  --rounds N            rounds to measure, of which the medians are taken (default 9)
  --detail              instead, what one order uses: by table, index, function and type of event
  --help                this text

  Ends with 0, also where a goal is missed; with 2 when it could not be measured or an option makes no sense.`

const readOptions = () => {
  const { values } = parseArgs({
    options: {
      orders: { type: 'string', default: '100000' },
      'views-per-order': { type: 'string', default: '30' },
      rounds: { type: 'string', default: '9' },
      detail: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  for (const name of ['orders', 'views-per-order', 'rounds'] as const)
    if (!/^[1-9]\d{0,11}$/.test(values[name])) throw new Error(`--${name} takes a whole number, not "${values[name]}"`)
  return {
    orders: Number(values.orders),
    views: Number(values['views-per-order']),
    rounds: Number(values.rounds),
    detail: values.detail,
    help: values.help,
  }
}

/** As each stage is deployed, whatever its placeholders. */
const standingOf = async (stage: string, isIdle: boolean) =>
  countStanding(await prepareAssembly(undefined, { stage, placeholders: 'accept', closely: 'false' }), isIdle)

const run = async (): Promise<void> => {
  const { orders, views, rounds, detail, help } = readOptions()
  if (help) return console.log(usage)
  if (detail) return printDetail()
  const shop = await withProgress('opening a shop', openMeteredShop)
  const actions = await withProgress('measuring', (show) =>
    measureActions(shop, { warmUps: 12, rounds }, show),
  ).finally(shop.stop)
  const idle = await withProgress('synthesising each stage', async (show) => {
    const found = []
    for (const stage of stageNames) {
      show(stage)
      found.push({ stage, standing: await standingOf(stage, true) })
    }
    return found
  })
  printPerMillion(actions)
  printIdle(idle)
  printMonths(visitOf(actions, views), [...new Set([1_000, orders, 1_000_000])], await standingOf('prod', false))
  printSources(views)
}

try {
  await run()
} catch (error) {
  console.error(`${styled('red', 'The cost could not be told:')} ${error instanceof Error ? error.message : error}`)
  process.exitCode = 2
}
