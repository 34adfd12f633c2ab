/** `npm run dead-letters`: work that was given up, why, and its second chance. Here or on AWS. */
import { createInterface } from 'node:readline/promises'
import { openShop, printError, readArguments, runCommand, shopOptions } from '../command-line/command.ts'
import { styled } from '../command-line/console.ts'
import type { Access } from '../dead-letters/access.ts'
import { CannotError } from '../dead-letters/cannot-error.ts'
import { type DeadLetterQueue, findQueues, giveBack, look, queueNamed, remove, take } from '../dead-letters/queues.ts'
import { planOf, redrive } from '../dead-letters/redrive.ts'
import { printList, printMessages } from '../dead-letters/report.ts'

const usage = `npm run dead-letters -- [command] [options]   work that was given up, why, and its second chance

  list                  which dead-letter queues hold messages, since when and why (the default)
  show QUEUE [ID]       the messages themselves, or the one of this id (its beginning is enough)
  redrive QUEUE|--all   tries again: a consumer is run with its events, messages of a task go back to their queue,
                        records of a relay or projection are read from the stream again, a scheduled function runs
                        once more; what fails again stays
  drop QUEUE ID         deletes one message for good

  --stage NAME    the shop on AWS (dev, staging, prod), with the credentials of this shell; without: npm start's
  --folder PATH   where the shop on this machine keeps its data (default .shop)
  --yes           redrives and drops without asking
  --help          this text

  Ends with 0, with 1 when some message could not be redriven, with 2 when the command could not be carried out.`

const options = () =>
  readArguments({
    allowPositionals: true,
    options: { ...shopOptions, all: { type: 'boolean', default: false }, yes: { type: 'boolean', default: false } },
  })

/** Asks the person; without a terminal to ask at, only `--yes` agrees. */
const agreed = async (question: string, yes: boolean): Promise<boolean> => {
  if (yes) return true
  if (!process.stdin.isTTY) throw new CannotError('nobody is there to ask', 'add --yes')
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} ${styled('dim', '[y/N]')} `)).trim())
  } finally {
    terminal.close()
  }
}

const wanted = (name: string | undefined, what: string, command: string): string => {
  if (name) return name
  throw new CannotError(`${command} wants ${what}`, 'see --help')
}

const redriveOne = async (access: Access, queue: DeadLetterQueue): Promise<boolean> => {
  const { done, failures } = await redrive(access, queue)
  const sign = failures.length === 0 ? styled('green', '✓') : styled('red', '✗')
  console.log(`${sign} ${queue.name}: ${done} redriven${failures.length > 0 ? `, ${failures.length} failed` : ''}`)
  for (const failure of failures) printError(failure, '  ')
  return failures.length === 0
}

const redriveAll = async (access: Access, queues: readonly DeadLetterQueue[], yes: boolean): Promise<number> => {
  const filled = queues.filter(({ depth }) => depth > 0)
  if (filled.length === 0) {
    console.log(`${styled('green', '✓')} nothing to redrive`)
    return 0
  }
  for (const queue of filled) console.log(`${styled('bold', queue.name)}  ${planOf(queue)}`)
  if (!(await agreed('Redrive?', yes))) return 0
  let exitCode = 0
  for (const queue of filled) if (!(await redriveOne(access, queue))) exitCode = 1
  return exitCode
}

const mostShown = 100

const show = async (access: Access, queue: DeadLetterQueue, id: string | undefined): Promise<void> => {
  const messages = await look(access, queue, id ? queue.depth : mostShown)
  const chosen = messages.filter((message) => message.id.startsWith(id ?? ''))
  if (id && chosen.length === 0) throw new CannotError(`${queue.name} holds no message ${id}`, 'look with show')
  printMessages(access, queue, chosen)
  const left = queue.depth - chosen.length
  if (!id && left > 0) console.log(styled('dim', `and ${left} more`))
  if (queue.depth === 0) console.log(`${queue.name} is empty`)
}

const drop = async (access: Access, queue: DeadLetterQueue, id: string, yes: boolean): Promise<void> => {
  if (!(await agreed(`Delete message ${id} of ${queue.name} for good?`, yes))) return
  const messages = await take(access, queue, { limit: queue.depth, seconds: 60 })
  const message = messages.find((each) => each.id === id)
  if (message) await remove(access, queue, message)
  await giveBack(
    access,
    queue,
    messages.filter((each) => each !== message),
  )
  if (!message) throw new CannotError(`${queue.name} holds no message ${id}`, 'look with show; drop wants the whole id')
  console.log(`${styled('green', '✓')} deleted`)
}

const run = async (): Promise<number> => {
  const { values, positionals } = options()
  const [command = 'list', name, id] = positionals
  if (values.help) {
    console.log(usage)
    return 0
  }
  if (!['list', 'show', 'redrive', 'drop'].includes(command))
    throw new CannotError(`there is no command "${command}"`, 'list, show, redrive and drop are there; see --help')
  const access = openShop(values)
  const queues = await findQueues(access)
  if (command === 'list') {
    await printList(access, queues)
    return 0
  }
  if (command === 'redrive' && values.all) return redriveAll(access, queues, values.yes)
  const queue = queueNamed(queues, wanted(name, command === 'redrive' ? 'a queue, or --all' : 'a queue', command))
  if (command === 'redrive') return redriveAll(access, [queue], values.yes)
  if (command === 'show') await show(access, queue, id)
  else await drop(access, queue, wanted(id, "a message's id", command), values.yes)
  return 0
}

await runCommand(run)
