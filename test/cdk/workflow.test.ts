/** The GitHub workflow: that it parses, stores no secret, trusts no moving tag, and calls what is there. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { parse } from 'yaml'
import { projectRoot } from '../../cdk/constructs/project.ts'
import { stageNamed } from '../../cdk/stages.ts'
import type { Json } from '../support/service.ts'

const text = readFileSync(join(projectRoot, '.github/workflows/deploy.yml'), 'utf8')
const workflow: Json = parse(text)
const jobs: [string, Json][] = Object.entries(workflow.jobs)
const steps: Json[] = jobs.flatMap(([, job]) => job.steps)
const commandsOf = (job: Json): string => job.steps.map(({ run = '' }: Json) => run).join('\n')
const takesRole = (job: Json): boolean =>
  job.steps.some(({ uses = '' }: Json) => uses.startsWith('aws-actions/configure-aws-credentials@'))

describe('the workflow of every night', () => {
  const nightly = readFileSync(join(projectRoot, '.github/workflows/nightly.yml'), 'utf8')

  test('tries twenty other seeds, by the clock, with no right to anything', () => {
    const { on, permissions, jobs: nightlyJobs }: Json = parse(nightly)
    assert.equal(on.schedule.length, 1)
    assert.deepEqual(permissions, { contents: 'read' })
    assert.equal(nightlyJobs.seeds.permissions, undefined)
    assert.match(commandsOf(nightlyJobs.seeds), /^npm ci\nnpm run seeds -- --count 20$/m)
  })

  test('names foreign actions by commit', () => {
    for (const [line] of nightly.matchAll(/uses:.*/g)) assert.match(line, /@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
  })
})

describe('the workflow', () => {
  test('names foreign actions by commit, with the version beside it', () => {
    const lines = text.split('\n').filter((line) => /^\s*(- )?uses:/.test(line))
    assert.equal(lines.length, steps.filter(({ uses }) => uses).length)
    for (const line of lines) assert.match(line, /uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
  })

  test('holds no secret, and asks for a token only where a role is taken', () => {
    assert.doesNotMatch(text, /secrets\s*[.[]|aws-secret-access-key|AKIA/)
    assert.deepEqual(workflow.permissions, { contents: 'read' })
    for (const [name, job] of jobs)
      assert.deepEqual(
        job.permissions,
        takesRole(job) ? { contents: 'read', 'id-token': 'write' } : undefined,
        `permissions of ${name}`,
      )
  })

  test('runs nothing that a pull request wrote as a command, and keeps no credentials of git', () => {
    assert.deepEqual(Object.keys(workflow.on), ['push', 'pull_request'])
    for (const { run = '' } of steps) assert.doesNotMatch(run, /\$\{\{/)
    for (const step of steps.filter(({ uses = '' }) => uses.startsWith('actions/checkout@')))
      assert.equal(step.with['persist-credentials'], false)
  })

  test('goes from check to staging, its tests, and production behind an approval', () => {
    assert.deepEqual(
      jobs.map(([name, { needs, environment }]) => [name, needs, environment]),
      [
        ['check', undefined, undefined],
        ['diff', undefined, undefined],
        ['staging', 'check', 'staging'],
        ['production', 'staging', 'prod'],
      ],
    )
    const [deploy, smoke] = ['cdk deploy --all', 'npm test -- shop/'].map((command) =>
      commandsOf(workflow.jobs.staging).indexOf(command),
    )
    assert.ok(deploy !== undefined && smoke !== undefined && deploy >= 0 && smoke > deploy)
    for (const [name, job] of jobs) assert.ok(job['timeout-minutes'] <= 120, name)
  })

  test('deploys each stage from the environment that its role trusts', () => {
    for (const [, job] of jobs.filter(([, { environment }]) => environment)) {
      assert.equal(stageNamed(job.environment).name, job.environment)
      const deployed = [...commandsOf(job).matchAll(/cdk deploy .*-c stage=(\w+)/g)].map((match) => match[1])
      assert.deepEqual(deployed, [job.environment])
    }
  })

  test('reads the address where a stack tells it', () => {
    const [, stack] = /jq -er '\."([\w-]+)"\.ApiUrl'/.exec(commandsOf(workflow.jobs.staging)) ?? []
    assert.equal(stack, `${stageNamed('staging').prefix}-gateway`)
  })

  test('calls scripts that are there', () => {
    const { scripts } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'))
    const called = steps.flatMap(({ run = '' }) => [...run.matchAll(/npm run (?:--silent )?([\w-]+)/g)])
    assert.deepEqual(
      called.map(([, name = '']) => [name, typeof scripts[name]]),
      [
        ['check', 'string'],
        ['create-staff', 'string'],
      ],
    )
  })
})
