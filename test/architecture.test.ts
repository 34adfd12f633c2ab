/** The rules of the house: who may import whom, and that every declared function has its file and its test. */
import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, dirname, join, normalize } from 'node:path'
import { describe, test } from 'node:test'
import { entriesOf } from '../cdk/constructs/entries.ts'
import { projectRoot } from '../cdk/constructs/project.ts'
import { issuer } from '../functions/issuer/contract.ts'
import { providers } from '../functions/payments/providers/registered.ts'
import { services } from '../functions/services.ts'

const sources = globSync('{functions,shared,cdk}/**/*.ts', { cwd: projectRoot })
const read = (path: string) => readFileSync(join(projectRoot, path), 'utf8')
const importsOf = (path: string): string[] =>
  [...read(path).matchAll(/(?:from|import)\s*\(?'([^']+)'/g)].map((match) => match[1] ?? '')
const targetsOf = (path: string) =>
  importsOf(path).map((name) => (name.startsWith('.') ? normalize(join(dirname(path), name)) : name))
const serviceOf = (path: string): string | undefined => /^functions\/([a-z]+)\//.exec(path)?.[1]

/** Which payment providers there are, as plain records: all that others than payments know of them. */
const registeredProviders = 'functions/payments/providers/registered.ts'
const declaredProviders = [registeredProviders, 'functions/payments/providers/declaration.ts']

/** Looked up by names that the code itself, the deployment or AWS gives, or after a look whether it is an own property. */
const ownNames = [
  'functions/docs/page/schema.ts [name]',
  'functions/docs/words/schemas.ts [name]',
  'functions/identity/privacy/endpoints/export-me.ts [service]',
  'functions/notifications/mail/messages.ts [reason]',
  'functions/reporting/domain.ts [name]',
  'shared/client/client.ts [name]',
  'shared/contract/openapi-responses.ts [code]',
  'shared/contract/openapi-words.ts [name]',
  'shared/contract/openapi.ts [name]',
  'shared/domain/own-property.ts [name]',
  'shared/runtime/bucket.ts [code]',
  'shared/runtime/cursor.ts [name]',
  'shared/runtime/observability.ts [name]',
  'shared/runtime/relay.ts [name]',
  'shared/runtime/serve.ts [code]',
  'shared/runtime/settings.ts [name]',
  'shared/runtime/table.ts [name]',
]

/** What the shop's commands may know of the cloud on this machine. */
const offeredByLocalCloud = [
  'cdk/local/cloud.ts',
  'cdk/local/start-error.ts',
  'cdk/local/state/announcement.ts',
  'cdk/local/template/assembly.ts',
]

describe('folders', () => {
  test('can be read at a glance: at most ten files each', () => {
    const files = globSync(['functions/*/**/*.*', '{cdk,test}/{local,operate}/**/*.*'], { cwd: projectRoot })
    // The published language has a file for each service, and is read by their names.
    for (const [folder, some] of Map.groupBy(files, (path) => dirname(path)))
      if (folder !== 'functions/published') assert.ok(some.length <= 10, `${folder} has ${some.length} files`)
  })
})

/** How many files the linter lets off each rule. These numbers only go down: a function is taken apart, never a file added. */
const exceptions: Readonly<Record<string, number>> = {
  noExcessiveCognitiveComplexity: 27,
  noExcessiveLinesPerFunction: 9,
  noImportCycles: 2,
}

describe('the linter', () => {
  type Override = { includes: string[]; linter: { rules: Record<string, Record<string, string>> } }
  const { overrides }: { overrides: Override[] } = JSON.parse(read('biome.json'))
  const named = overrides.filter(({ includes }) => !includes.includes('test/**'))

  for (const [rule, most] of Object.entries(exceptions))
    test(`lets off ${rule} no more files than it did`, () => {
      const files = named.flatMap(({ includes, linter }) =>
        Object.values(linter.rules).some((rules) => rule in rules) ? includes : [],
      )
      assert.ok(files.length <= most, `${files.length} files, ${most} at most`)
      for (const path of files) assert.ok(existsSync(join(projectRoot, path)), `${path} is gone: take it from the list`)
    })

  test('lets off no rule but these', () => {
    const rules = named.flatMap(({ linter }) => Object.values(linter.rules).flatMap((each) => Object.keys(each)))
    assert.deepEqual(
      rules.filter((rule) => !(rule in exceptions)),
      [],
    )
  })
})

describe('imports', () => {
  test('no service imports another; the published language imports none, but names the ways to pay', () => {
    for (const path of sources.filter((source) => source.startsWith('functions/')))
      for (const target of targetsOf(path)) {
        if (path === 'functions/published/payments.ts' && target === registeredProviders) continue
        const [own, other] = [serviceOf(path), serviceOf(target)]
        if (own && other && own !== other) assert.equal(other, 'published', `${path} imports ${target}`)
      }
  })

  test('shared knows no service, functions know no stack', () => {
    for (const path of sources) {
      const targets = targetsOf(path)
      if (path.startsWith('shared/'))
        for (const target of targets) assert.doesNotMatch(target, /^(functions|cdk|test)\//, path)
      if (path.startsWith('functions/'))
        for (const target of targets) assert.doesNotMatch(target, /^(cdk|test)\//, path)
    }
  })

  test('the local cloud stands by itself: it imports nothing of the shop, and the shop only what it offers', () => {
    for (const path of sources.filter((source) => source.startsWith('cdk/local/')))
      for (const name of importsOf(path).filter((each) => each.startsWith('.')))
        assert.match(normalize(join(dirname(path), name)), /^cdk\/local\//, `${path} imports ${name}`)
    for (const path of sources.filter((source) => !source.startsWith('cdk/local/')))
      for (const target of targetsOf(path).filter((each) => each.startsWith('cdk/local/')))
        assert.ok(offeredByLocalCloud.includes(target), `${path} imports ${target}`)
  })

  test('CDK reads contracts, never handlers', () => {
    for (const path of sources.filter((source) => source.startsWith('cdk/')))
      for (const target of targetsOf(path))
        if (target.startsWith('functions/') && !declaredProviders.includes(target))
          assert.match(
            target,
            /^functions\/(services|client|published\/[a-z]+|[a-z]+\/contract)\.ts$/,
            `${path} imports ${target}`,
          )
  })

  /** A file's first comment, before any code. */
  const headOf = (path: string): string => /^\/\*\*.*?\*\//s.exec(read(path))?.[0] ?? ''

  /** Without types, which are gone when the code runs. */
  const valuesOf = (path: string): string[] =>
    [...read(path).matchAll(/^(?:import|export) (?!type )(?:[^';]*? from )?'([^']+)'$/gm)]
      .map((match) => match[1] ?? '')
      .map((name) => (name.startsWith('.') ? normalize(join(dirname(path), name)) : name))

  /** The file itself, and all that runs with it. */
  const reachedFrom = (path: string): Set<string> => {
    const reached = new Set([path])
    for (const each of reached)
      if (existsSync(join(projectRoot, each))) for (const next of valuesOf(each)) reached.add(next)
    return reached
  }

  test('rules are pure, and so is what says so in its head: no AWS, no clock, no randomness, no files', () => {
    const rules = sources.filter(
      (path) => /^(functions|shared)\/.*\/(domain|messages)\.ts$/.test(path) || /\bPure\b/.test(headOf(path)),
    )
    assert.ok(rules.length > 40)
    for (const path of rules)
      for (const target of reachedFrom(path))
        if (existsSync(join(projectRoot, target)))
          assert.doesNotMatch(
            read(target),
            /Date\.now|new Date\(\)|performance\.now|Math\.random|random(UUID|Bytes|Int)\(|process\.env|\bfetch\(/,
            `${path} runs ${target}`,
          )
        else
          assert.match(
            target,
            /^(zod\/mini|xss|ulid|lib-address\/lite|node:(buffer|crypto|url|util))$/,
            `${path} runs it`,
          )
  })

  test('only one file reads the clock and draws random numbers; the client runs elsewhere', () => {
    for (const path of sources.filter(
      (source) => /^(functions|shared\/(?!client\/))/.test(source) && source !== 'shared/runtime/clock.ts',
    ))
      assert.doesNotMatch(read(path), /Date\.now\(|Math\.random\(|new Date\(\)/, path)
  })

  test('clock and ids are imported where they are needed, and handed on by nobody', () => {
    // The table and the relay can be given other pauses between their attempts, and the table another clock: to compare engines by.
    const given = ['shared/runtime/clock.ts', 'shared/runtime/table.ts', 'shared/runtime/relay.ts']
    for (const path of sources.filter((source) => /^(functions|shared\/runtime)\//.test(source)))
      if (!given.includes(path)) assert.doesNotMatch(read(path), /\b(Now|NewId|Sleep|Random)\b/, path)
  })

  test('only the relay publishes to the bus', () => {
    for (const path of sources.filter((source) => /^(functions|shared)\//.test(source)))
      if (/\beventsApi\b/.test(read(path)) && !path.startsWith('shared/runtime/aws/'))
        assert.equal(path, 'shared/runtime/relay.ts')
  })

  test('no list is spread into the arguments of a call: a long one would exhaust the stack', () => {
    for (const path of sources.filter((source) => /^(functions|shared)\//.test(source)))
      assert.doesNotMatch(
        read(path),
        /(\.(push|unshift|concat)|Math\.(max|min)|from(CharCode|CodePoint))\((\w+, )*\.\.\./,
        path,
      )
  })

  test('a name that comes from data is looked up as an own property or in a map: objects inherit names of their own', () => {
    const lookUp =
      /[\w)\]]\??\.?\[(?:\w+\.)*(?:name|names|key|sku|slug|handle|option|unit|code|country|currency|language|service|reason)(?:\.to\w+\(\))?\]/g
    const found = sources
      .filter((path) => /^(functions|shared)\//.test(path))
      .flatMap((path) => (read(path).match(lookUp) ?? []).map((text) => `${path} ${text.slice(text.indexOf('['))}`))
    assert.deepEqual(
      [...new Set(found)].filter((place) => !ownNames.includes(place)),
      [],
      'use own() of shared/domain/own-property.ts, or a Map; or say in ownNames why no name of a client, a file or a table gets there',
    )
  })

  test('zod comes in its small form', () => {
    for (const path of sources) for (const name of importsOf(path)) assert.notEqual(name, 'zod', path)
  })

  test('every property test takes the seed of the run', () => {
    for (const path of globSync('test/**/*.ts', { cwd: projectRoot }))
      if (importsOf(path).includes('fast-check'))
        assert.equal(path, 'test/support/property.ts', `${path}: import { fc } from test/support/property.ts instead`)
  })

  test("only the table's module speaks DynamoDB", () => {
    for (const path of sources.filter((source) => /^(functions|shared)\//.test(source)))
      if (/\bdynamoApi\b/.test(read(path)) && !path.startsWith('shared/runtime/aws/'))
        assert.equal(path, 'shared/runtime/table.ts')
  })

  test('clients of AWS are made in one room, with the same attempts and deadlines', () => {
    for (const path of sources.filter((source) => /^(functions|shared)\//.test(source)))
      if (!path.startsWith('shared/runtime/aws/'))
        for (const [, type] of read(path).matchAll(/import (type )?\{[^}]*\} from '@aws-sdk\/client-/g))
          assert.ok(type, path)
  })
})

describe('payment providers', () => {
  const folder = 'functions/payments/providers'

  test('are known by name in their folders, where they are registered and chosen, and nowhere else', () => {
    const places = [registeredProviders, 'cdk/stages.ts', ...providers.map(({ name }) => `${folder}/${name}/`)]
    const isPlace = (path: string) =>
      places.some((place) => path.startsWith(place)) || path.startsWith(`${folder}/chosen/`)
    const either = providers.map(({ name }) => name).join('|')
    const capitals = either.replace(/\b[a-z]/g, (letter) => letter.toUpperCase())
    const names = new RegExp(`(?<![A-Za-z])(${either})|${capitals}|\\bpm_`)
    // How a Lambda ends, that of SES, patterns of cloth, and what the page of guarantees says is not simulated.
    const others =
      /Sandbox\.Timedout|\(Sandbox\|Runtime|mailSandbox|(Blue|Green) stripe|stripeTop|, and Stripe: there, tests/g
    for (const path of sources.filter((source) => !isPlace(source)))
      for (const line of read(path).replace(others, '').split('\n')) assert.doesNotMatch(line, names, path)
  })

  test('say of themselves what needs nothing that runs: contracts, stacks and the published language read it', () => {
    const declarations = [...declaredProviders, ...globSync(`${folder}/*/provider.ts`, { cwd: projectRoot })]
    for (const path of declarations)
      for (const target of targetsOf(path))
        assert.ok(target === 'zod/mini' || /^shared\/contract\//.test(target) || declarations.includes(target), path)
  })

  test('are registered, each with a folder of its name', () => {
    const folders = globSync(`${folder}/*/provider.ts`, { cwd: projectRoot }).map((path) => basename(dirname(path)))
    const expected = ['chosen', ...providers.map(({ name }) => name)]
    assert.deepEqual(folders.toSorted(), expected.toSorted())
  })
})

describe('every declared function', () => {
  test('has its file; npm test says which one no test of its service has run', () => {
    for (const service of [issuer, ...services])
      for (const { entry } of entriesOf(service)) assert.ok(existsSync(join(projectRoot, entry)), entry)
  })

  test('stands in a service that has its page', () => {
    for (const { name } of [issuer, ...services])
      assert.ok(existsSync(join(projectRoot, `functions/${name}/README.md`)), name)
  })
})
