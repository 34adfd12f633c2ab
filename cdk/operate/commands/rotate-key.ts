/** `npm run rotate-key`: another key signs access tokens, and nobody is logged out. It writes the list; a deployment does it. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import * as z from 'zod/mini'
import { SigningKey } from '../../../shared/contract/signing-keys.ts'
import { projectRoot } from '../../constructs/project.ts'
import { styled } from '../command-line/console.ts'
import { CannotError } from '../dead-letters/cannot-error.ts'
import { leastNoticeMs, nextStep, type Step } from '../rotate-key/rotation.ts'

const hourMs = 60 * 60_000

const usage = `npm run rotate-key -- --stage NAME [options]   the next step of replacing the key that signs access tokens

  Called once, it adds a key to cdk/signing-keys.json, which signs after --hours: commit and deploy meanwhile. Called again
  an hour after that, it takes the old one off the list: commit and deploy. In between it says how far the rotation is.

  --stage NAME  dev, staging or prod
  --hours N     until the new key signs, ${leastNoticeMs / hourMs} at least and counted from now (default 24): within
                N - ${leastNoticeMs / hourMs} hours it must be deployed, since the gateway keeps the keys that it knows
  --file PATH   of the list (default cdk/signing-keys.json)
  --help        this text

  Ends with 0, with 2 when it could not be carried out.`

const Stages = z.record(z.string(), z.array(SigningKey).check(z.minLength(1)))

const options = () => {
  try {
    const { values } = parseArgs({
      options: {
        stage: { type: 'string' },
        hours: { type: 'string', default: '24' },
        file: { type: 'string', default: join(projectRoot, 'cdk/signing-keys.json') },
        help: { type: 'boolean', default: false },
      },
    })
    return values
  } catch (error) {
    throw new CannotError(error instanceof Error ? (error.message.split('.')[0] ?? '') : String(error), 'see --help')
  }
}

const time = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`

const told = (step: Step, stage: string): string[] => {
  const deploy = `commit, then npx cdk deploy --all -c stage=${stage}`
  switch (step.kind) {
    case 'published':
      return [
        `${step.next} signs from ${time(step.atMs)}; it must be deployed before ${time(step.atMs - leastNoticeMs)}`,
        deploy,
      ]
    case 'waiting':
      return [
        `${step.next} signs from ${time(step.atMs)}; the key before it ends at ${time(step.untilMs)}`,
        'then, at the time said above, the same command again',
      ]
    case 'dropped':
      return [`${step.ended.join(', ')} signed the last valid token long ago, and is off the list`, deploy]
  }
}

const run = (): void => {
  const { stage, hours, file, help } = options()
  if (help) {
    console.log(usage)
    return
  }
  if (!stage) throw new CannotError("which stage's key?", 'say --stage NAME; see --help')
  const noticeMs = Number(hours) * hourMs
  if (!(noticeMs >= leastNoticeMs))
    throw new CannotError(`--hours takes a number from ${leastNoticeMs / hourMs}, not "${hours}"`, 'see --help')
  const stages = Stages.parse(JSON.parse(readFileSync(file, 'utf8')))
  const keys = stages[stage]
  if (!keys) throw new CannotError(`there is no stage ${stage}`, `it is one of ${Object.keys(stages).join(', ')}`)
  const step = nextStep(keys, Date.now(), noticeMs)
  if ('keys' in step) writeFileSync(file, `${JSON.stringify({ ...stages, [stage]: step.keys }, null, 2)}\n`)
  const [what = '', next = ''] = told(step, stage)
  console.log(`${styled('green', '✓')} ${what}\n${styled('dim', 'next:')} ${next}`)
}

try {
  run()
} catch (error) {
  console.error(styled('red', error instanceof Error ? error.message : String(error)))
  if (error instanceof CannotError && error.nextStep) console.error(error.nextStep)
  process.exitCode = 2
}
