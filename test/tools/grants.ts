/**
 * `npm run grants`, after `npm test`: what functions are granted that no test saw them use. Exit status 1 if there is any, 2
 * where only part of the tests has run since.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { styled } from '../../cdk/operate/command-line/console.ts'
import { prepareAssembly } from '../../cdk/operate/start/prepare.ts'
import { readUsed, wasWholeRun } from '../support/grants.ts'
import type { Json } from '../support/service.ts'
import { commandLine } from './command-line.ts'

commandLine(
  `npm run grants   what functions are allowed that no test has seen them do; after npm test, which notes it

  --help  this text

  Ends with 0, with 1 when some grant was never used, with 2 when the tests have not all run.`,
  {},
)

/** What is used by AWS on a function's behalf, or by parts of it that a test cannot see. */
const unseen: readonly [actions: RegExp, reason: string][] = [
  [/^logs:/, 'the platform writes a function’s logs'],
  [/^xray:/, 'traces are not recorded on this machine'],
  [/^sqs:(ReceiveMessage|DeleteMessage|ChangeMessageVisibility|GetQueueAttributes|GetQueueUrl)$/, 'the queue’s poller'],
  [/^dynamodb:(ListStreams|DescribeStream|GetRecords|GetShardIterator)$/, 'the stream’s poller'],
  [/^sqs:SendMessage$/, 'failed invocations and stream records go to dead letters; tasks are seen in simulation'],
  [/^s3:ListBucket$/, 'tells an object that is not there from one that is forbidden'],
]

/** Needed only where something comes in between that tests bring about rarely, or in the simulation only. */
const rare: Readonly<Record<string, string>> = {
  'inventory-commit dynamodb:BatchGetItem': 'carries on a reservation that it finds half-way through reserving',
  'inventory-release-stock dynamodb:BatchGetItem': 'carries on a reservation that it finds half-way through reserving',
  'inventory-move-due dynamodb:BatchGetItem': 'says what lacks, where a reservation that got stuck is refused',
  'catalog-work-off-import dynamodb:DeleteItem':
    'takes a product off the list of a category that a file moves it out of',
  'payments-confirm-payment lambda:InvokeFunction': 'asks who is staff now, where staff answer for a customer',
  'orders-erase-person dynamodb:GetItem': 'reads an order again that somebody else has changed meanwhile',
}

const assembly = await prepareAssembly()
const roleOf = (fn: Json): string => fn.Properties.Role['Fn::GetAtt'][0]

/** `orders-place-order dynamodb:PutItem`, for all that the templates grant. */
const grantsIn = (template: Json): string[] => {
  const resources: Json[] = Object.values(template.Resources)
  const functions = resources.filter(({ Type }) => Type === 'AWS::Lambda::Function')
  const policies = resources.filter(({ Type }) => Type === 'AWS::IAM::Policy')
  return functions.flatMap((fn) =>
    policies
      .filter(({ Properties }) => Properties.Roles.some((role: Json) => role.Ref === roleOf(fn)))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .flatMap(({ Action }: Json) => [Action].flat())
      .map((action: string) => `${String(fn.Properties.FunctionName).replace(/^shop-[a-z]+-/, '')} ${action}`),
  )
}

const granted = new Set(
  readdirSync(assembly)
    .filter((name) => name.endsWith('.template.json'))
    .flatMap((name) => grantsIn(JSON.parse(readFileSync(join(assembly, name), 'utf8')))),
)
const used = readUsed()
if (used.size === 0) {
  console.error(`${styled('red', 'No test has noted what it saw.')} Run npm test first.`)
  process.exit(2)
}
const explained = (grant: string): boolean =>
  grant in rare || unseen.some(([actions]) => actions.test(grant.split(' ')[1] ?? ''))
const left = [...granted].filter((grant) => !used.has(grant) && !explained(grant)).sort()
const seen = [...granted].filter((grant) => used.has(grant)).length

console.log(`${granted.size} grants of ${new Set([...granted].map((grant) => grant.split(' ')[0])).size} functions`)
console.log(`${seen} were used by tests`)
for (const [actions, reason] of unseen) {
  const some = [...granted].filter((grant) => !used.has(grant) && actions.test(grant.split(' ')[1] ?? ''))
  console.log(styled('dim', `${String(some.length).padStart(4)} ${actions.source.slice(1)}: ${reason}`))
}
for (const [grant, reason] of Object.entries(rare))
  if (!used.has(grant)) console.log(styled('dim', `   1 ${grant}: ${reason}`))
if (!wasWholeRun()) {
  console.log(
    styled('yellow', `only part of the tests has run: whether the other ${left.length} are needed, npm test tells`),
  )
  process.exit(2)
}
for (const grant of left) console.log(`${styled('red', '✘')} ${grant} was never used`)
if (left.length === 0) console.log(`${styled('green', '✔')} no other grant is without use`)
process.exitCode = left.length > 0 ? 1 : 0
