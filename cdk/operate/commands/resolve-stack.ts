/** `npm run resolve-stack`: where in the sources a function threw, by the stack in its log. */
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { issuer } from '../../../functions/issuer/contract.ts'
import { servicesPaidThrough } from '../../../functions/services.ts'
import { type SourcePlaces, sourcePlacesOf } from '../../constructs/bundle/source-maps.ts'
import { entriesOf, relayEntry } from '../../constructs/entries.ts'
import { providerFolder, providerOf, type Stage } from '../../constructs/stage.ts'
import { stageNamed } from '../../stages.ts'
import { styled } from '../command-line/console.ts'
import { UsageError } from '../command-line/shop-by-url.ts'
import { hasFrames, readStacks, withSources } from '../resolve-stack/frames.ts'

const usage = `npm run resolve-stack -- [options] < lines   says where in the sources functions threw

  --function NAME   whose stack it is, such as orders/place-order: where no log line says so
  --stage NAME      where it ran (default dev): payments hold the stage's provider
  --help            this text

  Reads log lines, or a bare stack, from its input. The sources must be those that were deployed.`

const options = () => {
  try {
    const { values } = parseArgs({
      options: {
        function: { type: 'string' },
        stage: { type: 'string', default: 'dev' },
        help: { type: 'boolean', default: false },
      },
    })
    return values
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message.split('.')[0] : error}\n\n${usage}`)
  }
}

/** @param name `orders/place-order` */
const placesOf = (name: string, stage: Stage): Promise<SourcePlaces> => {
  const [serviceName, functionName] = name.split('/')
  const provider = providerFolder(stage)
  if (functionName === 'relay') return sourcePlacesOf(relayEntry, [relayEntry], provider)
  const service = [issuer, ...servicesPaidThrough(providerOf(stage))].find((each) => each.name === serviceName)
  const entries = service ? entriesOf(service) : []
  const found = entries.find((entry) => entry.name === functionName)
  if (!found)
    throw new UsageError(`there is no function ${name}: say its service and its name, such as orders/place-order`)
  return sourcePlacesOf(
    found.entry,
    entries.map(({ entry }) => entry),
    provider,
  )
}

const run = async (): Promise<void> => {
  const given = options()
  if (given.help) return console.log(usage)
  const stage = stageNamed(given.stage)
  const stacks = readStacks(await text(process.stdin))
  if (!stacks.some(hasFrames)) throw new UsageError(`the input holds no frame such as index.mjs:1:84213\n\n${usage}`)
  const known = new Map<string, SourcePlaces>()
  for (const stack of stacks) {
    const name = stack.of ?? given.function
    if (!hasFrames(stack)) {
      console.log(stack.text)
      continue
    }
    if (name === undefined) throw new UsageError('no log line says whose stack it is: say it with --function')
    const places = known.get(name) ?? (await placesOf(name, stage))
    if (!known.has(name)) console.log(styled('dim', `${name}, as these sources make it: bundle ${places.hash}`))
    known.set(name, places)
    console.log(withSources(stack.text, places.placeOf))
  }
}

try {
  await run()
} catch (error) {
  console.error(`${styled('red', 'The stack could not be read:')} ${error instanceof Error ? error.message : error}`)
  process.exitCode = 2
}
