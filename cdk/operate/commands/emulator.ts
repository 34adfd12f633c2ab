/** `npm run emulator:…`: the whole shop on an emulator of AWS that is not ours. */
import { createServer } from 'node:net'
import { relative } from 'node:path'
import { styled } from '../command-line/console.ts'
import { CannotError } from '../dead-letters/cannot-error.ts'
import { startMiniStack } from '../emulator/ministack/start.ts'
import { deploy } from '../emulator/steps/deploy.ts'
import { destroy } from '../emulator/steps/destroy.ts'
import { operate } from '../emulator/steps/operate.ts'
import { testWholeShop } from '../emulator/steps/whole-shop.ts'
import { defaultPort } from '../emulator/which.ts'

const usage = `npm run emulator:start      MiniStack on port ${defaultPort}, until Ctrl-C; needs Python, no Docker
npm run emulator:deploy     the whole shop onto the emulator that answers there, or over an earlier one
npm run emulator:test       the whole-shop tests by its URL; -- words: those whose path contains one
npm run emulator:operate    the operator's commands: dead letters, search index, reconciliation
npm run emulator:destroy    takes the shop off again, and looks whether anything is left
npm run emulator:check      all of it one after the other, with a MiniStack of its own

AWS_ENDPOINT_URL names an emulator elsewhere (default http://127.0.0.1:${defaultPort}).`

const whenEnded = (act: () => void): void => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, act)
}

const start = async (): Promise<void> => {
  const ministack = await startMiniStack(defaultPort)
  console.log(
    `\nMiniStack answers on ${styled('cyan', process.env.AWS_ENDPOINT_URL ?? '')}; it forgets all when it ends.`,
  )
  console.log(`  ${styled('dim', 'log')}   ${relative(process.cwd(), ministack.log)}`)
  console.log(`  ${styled('dim', 'next')}  npm run emulator:deploy, in another terminal\n`)
  console.log(styled('dim', '  Ctrl-C ends it.'))
  let asked = false
  whenEnded(() => {
    asked = true
    void ministack.stop()
  })
  await ministack.ended
  if (!asked) throw new CannotError('MiniStack ended by itself', `see what it says in ${ministack.log}`)
  await ministack.stop()
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address ? address.port : 0
      server.close(() => resolve(port))
    })
  })

/** What must hold before a change lands. */
const check = async (): Promise<void> => {
  const ministack = await startMiniStack(await freePort())
  whenEnded(() => void ministack.stop().finally(() => process.exit(1)))
  try {
    await deploy()
    await testWholeShop([])
    await deploy()
    await testWholeShop(['order'])
    await operate()
    await destroy()
  } finally {
    await ministack.stop()
  }
}

const commands: Readonly<Record<string, (words: readonly string[]) => Promise<void>>> = {
  start,
  deploy,
  test: testWholeShop,
  operate,
  destroy,
  check,
}

try {
  const [name = '', ...words] = process.argv.slice(2)
  const command = words.includes('--help') ? undefined : commands[name]
  if (command) await command(words)
  else console.log(usage)
  if (!command && !words.includes('--help')) process.exitCode = 2
} catch (error) {
  if (!(error instanceof CannotError)) throw error
  console.error(`${styled('red', 'This cannot be done:')} ${error.message}`)
  if (error.nextStep) console.error(`${styled('dim', 'next:')} ${error.nextStep}`)
  process.exitCode = 1
}
