/** The whole-shop tests against the shop on an emulator; then all its work must be done, and none of it given up. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { GetQueueAttributesCommand, paginateListQueues, SQSClient } from '@aws-sdk/client-sqs'
import { functionOfDeadLetters } from '../../../constructs/messaging/dead-letters.ts'
import { projectRoot } from '../../../constructs/project.ts'
import { styled, withProgress } from '../../command-line/console.ts'
import { CannotError } from '../../dead-letters/cannot-error.ts'
import { localStaff } from '../../start/staff.ts'
import { apiUrlOf } from '../stacks.ts'
import { clientSettings, type Emulator, openEmulator, resolvingNames, shellVariables, stage } from '../which.ts'

/** Requests under way at a time in the race for stock: each takes up to six processes of an emulator that runs here. */
const requestsAtOnce = 6

/** A message that failed once comes again within two minutes. */
const idlePatienceMs = 300_000

const runTests = (url: string, words: readonly string[]): Promise<number | null> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(projectRoot, 'test/run.ts'), ...words], {
      cwd: projectRoot,
      stdio: 'inherit',
      env: {
        ...process.env,
        NODE_OPTIONS: [process.env.NODE_OPTIONS, resolvingNames].filter(Boolean).join(' '),
        SHOP_URL: url,
        SHOP_STAFF_EMAIL: localStaff.email,
        SHOP_STAFF_PASSWORD: localStaff.password,
        SHOP_REQUESTS_AT_ONCE: String(requestsAtOnce),
      },
    })
    child.once('error', reject)
    child.once('close', resolve)
  })

export type Depth = { name: string; messages: number }

const depths = async (emulator: Emulator): Promise<Depth[]> => {
  const client = new SQSClient({ ...clientSettings(emulator), useQueueUrlAsEndpoint: false })
  const urls: string[] = []
  for await (const { QueueUrls = [] } of paginateListQueues({ client }, { QueueNamePrefix: `${stage.prefix}-` }))
    urls.push(...QueueUrls)
  return Promise.all(
    urls.map(async (QueueUrl) => {
      const { Attributes = {} } = await client.send(
        new GetQueueAttributesCommand({
          QueueUrl,
          AttributeNames: [
            'ApproximateNumberOfMessages',
            'ApproximateNumberOfMessagesNotVisible',
            'ApproximateNumberOfMessagesDelayed',
          ],
        }),
      )
      const messages = Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0)
      return { name: QueueUrl.split('/').at(-1) ?? QueueUrl, messages }
    }),
  )
}

const told = (queues: readonly Depth[]): string =>
  queues.map(({ name, messages }) => `${name} (${messages})`).join(', ')

/**
 * @returns whether all is done
 * @throws CannotError that names the queues when work was given up
 */
export const isIdle = (queues: readonly Depth[], nextStep: string): boolean => {
  const filled = queues.filter(({ messages }) => messages > 0)
  const givenUp = filled.filter(({ name }) => functionOfDeadLetters(name) !== undefined)
  if (givenUp.length > 0) throw new CannotError(`work was given up: ${told(givenUp)}`, nextStep)
  return filled.length === 0
}

const waitUntilIdle = async (emulator: Emulator, show: (note: string) => void): Promise<void> => {
  const until = Date.now() + idlePatienceMs
  const look = `${shellVariables(emulator)} npm run dead-letters -- --stage ${stage.name}`
  for (;;) {
    const queues = await depths(emulator)
    if (isIdle(queues, look)) return
    const waiting = told(queues.filter(({ messages }) => messages > 0))
    if (Date.now() > until) throw new CannotError(`work is left after ${idlePatienceMs / 60_000} minutes: ${waiting}`)
    show(waiting)
    await sleep(1_000)
  }
}

/** @param words parts of paths: only these of the whole-shop tests */
export const testWholeShop = async (words: readonly string[]): Promise<void> => {
  const emulator = await openEmulator()
  const url = await apiUrlOf(emulator)
  console.log(`${emulator.name} ${emulator.version}, ${styled('cyan', url)}`)
  const status = await runTests(url, words.length > 0 ? words.map((word) => `test/shop/${word}`) : ['test/shop/'])
  if (status !== 0)
    throw new CannotError(
      'the whole-shop tests failed: see above',
      `npm test -- shop/ runs them on this machine's own cloud; what ${emulator.name} lacks stands in cdk/operate/EMULATORS.md`,
    )
  await withProgress('waiting until all queues are empty', (show) => waitUntilIdle(emulator, show))
  console.log(`${styled('green', '✓')} all work is done, and none was given up`)
}
