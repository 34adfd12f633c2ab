/** What an operator does with a shop that is deployed, done once by the very commands. */
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { ulid } from 'ulid'
import { productRated } from '../../../../functions/published/reviews.ts'
import { type Envelope, sourceOf } from '../../../../shared/contract/event.ts'
import { styled, withProgress } from '../../command-line/console.ts'
import { CannotError } from '../../dead-letters/cannot-error.ts'
import { runCommand } from '../commands.ts'
import { apiUrlOf } from '../stacks.ts'
import { clientSettings, type Emulator, openEmulator, stage } from '../which.ts'

/** Of a product that nobody has: nothing comes of it. */
const rated = (): Envelope<typeof productRated> => ({
  id: `evt_${ulid()}`,
  type: productRated.type,
  schemaVersion: productRated.schemaVersion,
  time: new Date().toISOString(),
  aggregateId: `prd_${ulid()}`,
  sequence: 1,
  traceparent: '00-00000000000000000000000000000001-0000000000000001-01',
  data: { productId: `prd_${ulid()}`, count: 1, sum: 5 },
})

/** As if they had been given up. */
const messages = {
  'catalog-show-rating': {
    requestContext: { condition: 'RetriesExhausted' },
    requestPayload: { 'detail-type': productRated.type, source: sourceOf(productRated), detail: rated() },
  },
  'orders-move-overdue': { requestContext: { condition: 'RetriesExhausted' } },
} as const

const giveUp = async (emulator: Emulator): Promise<void> => {
  const client = new SQSClient({ ...clientSettings(emulator), useQueueUrlAsEndpoint: false })
  for (const [name, message] of Object.entries(messages)) {
    const QueueName = `${stage.prefix}-${name}-dead-letters`
    const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName }))
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(message) }))
  }
}

const settle = async (emulator: Emulator, queue: string, at: readonly string[]): Promise<void> => {
  const shown = await runCommand(emulator, 'dead-letters', ['show', queue, ...at])
  assertSaid(shown, 'sent')
  assertSaid(await runCommand(emulator, 'dead-letters', ['redrive', queue, '--yes', ...at]), '1 redriven')
}

const assertSaid = (output: string, ...words: readonly string[]): void => {
  const missing = words.filter((word) => !output.includes(word))
  if (missing.length > 0) throw new CannotError(`it does not say ${missing.join(', ')}:\n${output}`)
}

/** @throws CannotError with what a command said where it fails, or says something else than it should */
export const operate = async (): Promise<void> => {
  const emulator = await openEmulator()
  const url = await apiUrlOf(emulator)
  const at = ['--stage', stage.name]
  await withProgress('dead letters: listed, shown, redriven', async () => {
    await giveUp(emulator)
    const queues = Object.keys(messages)
    assertSaid(await runCommand(emulator, 'dead-letters', at), ...queues)
    for (const queue of queues) await settle(emulator, queue, at)
    assertSaid(await runCommand(emulator, 'dead-letters', at), 'no dead letters')
  })
  await withProgress('the search index, written anew', async () =>
    assertSaid(await runCommand(emulator, 'rebuild-search', at), 'search knows'),
  )
  await withProgress('orders, payments and stock, reconciled', async () =>
    assertSaid(await runCommand(emulator, 'reconcile', ['--url', url]), 'agree'),
  )
  console.log(`${styled('green', '✓')} the operator's commands do what they should`)
}
