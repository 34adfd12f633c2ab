/**
 * What functions are allowed against what tests saw them do. A function that does more than its declaration grants fails the
 * test at once, as AWS would refuse it; `npm run grants` lists what was granted and never used.
 */
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { entriesOf, type FunctionEntry } from '../../cdk/constructs/entries.ts'
import { projectRoot } from '../../cdk/constructs/project.ts'
import type { Cloud } from '../../cdk/local/cloud.ts'
import { issuer } from '../../functions/issuer/contract.ts'
import { services } from '../../functions/services.ts'
import type { DatabaseCall, FakeAws } from './aws.ts'

const directory = join(projectRoot, 'node_modules/.cache/shop-grants')

/** `orders-place-order dynamodb:PutItem`: a function, without the stage's prefix, and an action. */
const used = new Set<string>()

/** A function has tried what its declaration does not grant. */
export class NotGranted extends Error {}

/** No action of AWS: that a test of its own service has run the function at all. */
const ran = 'ran'

process.once('exit', () => {
  if (used.size === 0) return
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, `${randomUUID()}.json`), JSON.stringify([...used]))
})

/** Before all tests are run: what earlier runs saw counts no more. */
export const forgetUsed = (): void => rmSync(directory, { recursive: true, force: true })

const wholeRun = join(directory, 'whole-run')

/** After all tests were run: only now does a grant that none of them used mean anything. */
export const noteWholeRun = (): void => {
  mkdirSync(directory, { recursive: true })
  writeFileSync(wholeRun, '')
}

export const wasWholeRun = (): boolean => existsSync(wholeRun)

/** All that the tests saw, as `function action`. */
export const readUsed = (): ReadonlySet<string> => {
  mkdirSync(directory, { recursive: true })
  return new Set(
    readdirSync(directory)
      .filter((name) => name.endsWith('.json'))
      .flatMap((name): string[] => JSON.parse(readFileSync(join(directory, name), 'utf8'))),
  )
}

/** Functions that no test of their service has run since `forgetUsed`, as `orders/place-order`. */
export const neverRun = (): string[] => {
  const seen = readUsed()
  return [issuer, ...services].flatMap((service) =>
    entriesOf(service).flatMap(({ name }) =>
      seen.has(`${service.name}-${name} ${ran}`) ? [] : [`${service.name}/${name}`],
    ),
  )
}

const shortName = (functionName: string): string => functionName.replace(/^shop-[a-z]+-/, '')

/** Notes what the functions of a local cloud have asked of AWS. */
export const noteCloud = (cloud: Pick<Cloud, 'usedActions'>): void => {
  for (const [functionName, some] of Object.entries(cloud.usedActions()))
    for (const { action } of some) used.add(`${shortName(functionName)} ${action}`)
}

const transactActions: Readonly<Record<string, string>> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
}

/** A transaction needs the actions of its parts, and none of its own. */
const actionsOf = ({ operation, input }: DatabaseCall): string[] => {
  if (operation !== 'TransactWriteItems') return [operation]
  const items: Record<string, unknown>[] = Array.isArray(input.TransactItems) ? input.TransactItems : []
  return items.flatMap((item) =>
    Object.entries(item).flatMap(([kind, part]) => (part === undefined ? [] : (transactActions[kind] ?? []))),
  )
}

const grantedTo = ({ declaration }: FunctionEntry): Set<string> =>
  new Set<string>([
    ...(declaration.table ?? []),
    ...Object.values(declaration.tables ?? {}).flat(),
    ...('idempotency' in declaration && declaration.idempotency ? ['GetItem', 'PutItem'] : []),
  ])

/**
 * Watches the invocations of one service's functions. While several run at once their calls cannot be told apart, so only
 * those that run alone are looked at.
 */
export const watchInvocations = (service: string, { database, others }: Pick<FakeAws, 'database' | 'others'>) => {
  const running = new Set<{ alone: boolean }>()
  return async <T>(entry: FunctionEntry, invoke: () => Promise<T>): Promise<T> => {
    const mine = { alone: running.size === 0 }
    for (const other of running) other.alone = false
    running.add(mine)
    used.add(`${service}-${entry.name} ${ran}`)
    const before = { database: database.length, others: others.length }
    const outcome = await invoke().finally(() => running.delete(mine))
    if (!mine.alone) return outcome
    for (const action of others.slice(before.others)) used.add(`${service}-${entry.name} ${action}`)
    const granted = grantedTo(entry)
    for (const action of database.slice(before.database).flatMap(actionsOf)) {
      used.add(`${service}-${entry.name} dynamodb:${action}`)
      if (!granted.has(action)) throw new NotGranted(`${service}/${entry.name} is not allowed ${action}, and tried it`)
    }
    return outcome
  }
}
