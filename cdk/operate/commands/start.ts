/** `npm start`: the whole shop on this machine. */
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { openShop, tokensInMemory } from '../../../functions/client.ts'
import { projectRoot } from '../../constructs/project.ts'
import { type Cloud, StartError, startCloud } from '../../local/cloud.ts'
import { keptConnections } from '../command-line/connections.ts'
import { styled, withProgress } from '../command-line/console.ts'
import { loadSamples } from '../samples/load.ts'
import { checkKeptData, noteKeptData } from '../start/kept-data.ts'
import { allowedOrigins } from '../start/origins.ts'
import { preparationFailed } from '../start/preparation-failed.ts'
import { prepareAssembly } from '../start/prepare.ts'
import { readShopSettings } from '../start/settings.ts'
import { ensureStaff, localStaff } from '../start/staff.ts'

const usage = `npm start -- [options]   runs the whole shop on this machine

  --port N         where the API answers on 127.0.0.1 (default 3000)
  --fresh          forgets all data first
  --folder DIR     where the data is kept (default .shop)
  --origin URL     lets pages of that origin call the API, beyond those of this machine; can be repeated
  --concurrency N  runs so many functions at once and throttles the others, as a new AWS account does with 10
  --no-samples     does not fill an empty shop with the sample catalogue
  --help           this text`

/** There while the sample catalogue is being put in, so that a shop that was closed meanwhile is not left half-filled. */
const fillingMarkIn = (stateDirectory: string): string => join(stateDirectory, 'filling')

const options = () => {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string', default: '3000' },
        fresh: { type: 'boolean', default: false },
        folder: { type: 'string', default: join(projectRoot, '.shop') },
        origin: { type: 'string', multiple: true, default: [] },
        concurrency: { type: 'string' },
        'no-samples': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    const port = Number(values.port)
    if (!Number.isInteger(port) || port < 0 || port > 65_535)
      throw new StartError(`--port takes a number from 0 to 65535, not "${values.port}"`)
    const concurrency = values.concurrency === undefined ? undefined : Number(values.concurrency)
    if (concurrency !== undefined && (!Number.isInteger(concurrency) || concurrency < 1))
      throw new StartError(`--concurrency takes a number from 1, not "${values.concurrency}"`)
    return {
      ...values,
      port,
      concurrency,
      folder: resolve(values.folder),
      alsoAllowsOrigin: allowedOrigins(values.origin),
    }
  } catch (error) {
    if (error instanceof StartError) throw error
    throw new StartError(`${error instanceof Error ? error.message.split('.')[0] : error}\n\n${usage}`)
  }
}

/** Fills an empty shop, and goes on where that broke off; one that holds products of its own is left alone. */
const fillIfEmpty = async (cloud: Cloud, currency: string, fillingMark: string): Promise<void> => {
  const { fetch, close } = keptConnections(cloud.url)
  const tokens = tokensInMemory()
  const shop = openShop({ url: cloud.url, tokens, fetch })
  try {
    const shelves = await shop.expect('GET /products', { query: { limit: 1 } })
    if (shelves.data.length > 0 && !existsSync(fillingMark)) return
    writeFileSync(fillingMark, '')
    await withProgress('filling the shop with sample products', async (show) => {
      tokens.write((await shop.expect('POST /auth/login', { body: localStaff })).tokens)
      await loadSamples({
        shop,
        currency,
        onProgress: (done, total) => show(`${done} of ${total}`),
      })
      // What is on its way still is no reason not to open: it arrives while the shop is open.
      await cloud.idle(30_000).catch((error: Error) => show(error.message))
    })
    rmSync(fillingMark)
  } finally {
    close()
  }
}

const summary = (name: string, url: string, stateDirectory: string): string => {
  const row = (label: string, value: string) => `  ${styled('dim', label.padEnd(8))} ${value}`
  const folder = relative(process.cwd(), stateDirectory) || stateDirectory
  return [
    '',
    `${styled(['bold', 'green'], name)} is open.`,
    '',
    row('API', styled('cyan', url)),
    row('docs', styled('cyan', `${url}/docs`)),
    row('staff', `${localStaff.email} / ${localStaff.password}`),
    row('data', `${folder}/`),
    row('mail', `${folder}/mail/`),
    row('logs', `${folder}/logs/`),
    '',
    `  ${styled('dim', 'try')}      curl '${url}/products?limit=3'`,
    '',
    styled('dim', '  Ctrl-C closes the shop; its data stays.'),
  ].join('\n')
}

const run = async (): Promise<void> => {
  const { port, fresh, folder, alsoAllowsOrigin, concurrency, 'no-samples': noSamples, help } = options()
  if (help) return console.log(usage)
  const cloud = await startCloud({
    // Folder and port are this shop's by then: nobody waits for bundles to be told that another has them.
    assembly: async () => {
      const assembly = await withProgress('preparing functions and templates', prepareAssembly)
      if (!fresh) checkKeptData(folder, readShopSettings(assembly).currency)
      return assembly
    },
    stateDirectory: folder,
    port,
    fresh,
    alsoAllowsOrigin,
    startingMessage: 'The shop is starting.',
    ...(concurrency && { instances: { concurrency } }),
  })
  const shop = readShopSettings(cloud.assembly)
  noteKeptData(folder, shop.currency)
  let closing = false
  const close = () => {
    if (closing) return
    closing = true
    cloud.stop().then(
      () => {
        console.log('\nThe shop is closed.')
        process.exit(0)
      },
      (error: unknown) => {
        console.error(error)
        process.exit(1)
      },
    )
  }
  process.on('SIGINT', close)
  process.on('SIGTERM', close)
  try {
    await ensureStaff(cloud, shop.prefix)
    if (!noSamples) await fillIfEmpty(cloud, shop.currency, fillingMarkIn(folder))
  } catch (error) {
    // Closed while it is being filled, the shop says nothing of the requests that fail by it.
    if (closing) return
    await cloud.stop()
    throw preparationFailed(error, folder, !noSamples)
  }
  console.log(summary(shop.name, cloud.url, folder))
}

try {
  await run()
} catch (error) {
  const isOurs = error instanceof StartError
  console.error(
    `${styled('red', 'The shop did not start:')} ${isOurs ? error.message : error instanceof Error ? error.stack : String(error)}`,
  )
  process.exit(1)
}
