/** The pages that people read: what they tell one to run, open or look for is there. */
import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { describe, test } from 'node:test'
import { entriesOf } from '../cdk/constructs/entries.ts'
import { projectRoot } from '../cdk/constructs/project.ts'
import { services } from '../functions/services.ts'
import type { Budgets, RoundTrips } from './support/round-trips.ts'
import { ofType } from './support/templates.ts'

const read = (path: string): string => readFileSync(join(projectRoot, path), 'utf8')
const pages = globSync('{*.md,{cdk,functions,shared,test,.github}/**/*.md}', { cwd: projectRoot })
const { scripts }: { scripts: Record<string, string> } = JSON.parse(read('package.json'))

/** Each match of a pattern's first group, with the page that has it. */
const matches = (pattern: RegExp, paths: readonly string[]): [path: string, found: string][] =>
  paths.flatMap((path) => [...read(path).matchAll(pattern)].map(([, found = '']): [string, string] => [path, found]))

/** As GitHub makes them of headings. */
const anchorsOf = (path: string): string[] =>
  [...read(path).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  )

describe('every page', () => {
  test('calls scripts that are there, and so do messages and the workflow', () => {
    assert.ok(pages.includes('README.md') && pages.includes('cdk/operate/RUNBOOK.md') && pages.length > 15)
    const others = globSync(['cdk/{operate,local}/**/*.{ts,yaml}', '.github/workflows/*.yml'], { cwd: projectRoot })
    const called = matches(/npm run (?:-s |--silent )?([a-z][a-z:-]*[a-z])(?![a-z:])/g, [...pages, ...others])
    assert.ok(called.length > 50)
    for (const [path, name] of called) assert.ok(name in scripts, `${path}: npm run ${name}`)
  })

  test('links to files that are there, and to their headings', () => {
    for (const [path, link] of matches(/\]\((?!https?:)([^)\s]+)\)/g, pages)) {
      const [file = '', anchor] = link.split('#')
      const target = file === '' ? path : relative(projectRoot, join(projectRoot, dirname(path), file))
      assert.ok(existsSync(join(projectRoot, target)), `${path}: ${link}`)
      if (anchor !== undefined) assert.ok(anchorsOf(target).includes(anchor), `${path}: ${link}`)
    }
  })

  test('calls a linked file by the name that it has', () => {
    const named = matches(/\[`?([\w./-]+\.ts`?\]\([^)#\s]+)\)/g, pages)
    assert.ok(named.length > 20)
    for (const [path, name] of named) {
      const [text = '', link = ''] = name.replace('`', '').split('](')
      assert.equal(basename(text), basename(link), path)
    }
  })

  test('names files that are there', () => {
    const named = matches(/`((?:cdk|functions|shared|test|\.github)\/[\w./-]+\.(?:ts|yml|yaml|md))`/g, pages)
    assert.ok(named.length > 5)
    for (const [path, name] of named) assert.ok(existsSync(join(projectRoot, name)), `${path}: ${name}`)
  })
})

/** Rows of the tables of round trips in a service's pages: `| \`read-order\`: unchanged | 1 | 0 |`. */
const roundTripsIn = (service: string): Map<string, RoundTrips> =>
  new Map(
    globSync(`functions/${service}/**/README.md`, { cwd: projectRoot }).flatMap((path) =>
      [...read(path).matchAll(/^\| `([a-z-]+)`([^|]*?) +\| +(\d+) \| +(\d+) \|$/gm)].map(
        ([, name, more, reads, writes]): [string, RoundTrips] => [
          `${name}${more}`,
          { reads: Number(reads), writes: Number(writes) },
        ],
      ),
    ),
  )

describe("a service's page", () => {
  for (const path of globSync('test/functions/*/budgets.ts', { cwd: projectRoot })) {
    const service = basename(dirname(path))
    test(`of ${service} shows the round trips that its tests hold`, async () => {
      const { budgets }: { budgets: Budgets } = await import(join(projectRoot, path))
      const shown = roundTripsIn(service)
      assert.ok(shown.size > 2)
      for (const [name, roundTrips] of shown) assert.deepEqual(roundTrips, budgets[name], name)
    })
  }
})

describe('the runbook', () => {
  const page = read('cdk/operate/RUNBOOK.md')
  const quoted = [...page.matchAll(/`([^`\n]+)`/g)].map(([, text = '']) => text)

  test('names functions that are there', () => {
    const names = services.flatMap((service) => entriesOf(service).map(({ name }) => `${service.name}-${name}`))
    const told = quoted.flatMap((text) => /^…-([a-z]+-[a-z-]+)$/.exec(text)?.[1] ?? [])
    assert.ok(told.length >= 3)
    for (const name of told) assert.ok(names.includes(name), name)
  })

  test('names saved queries, log lines and rules as they are', () => {
    const queries = ofType('AWS::Logs::QueryDefinition').map(({ Properties }) => `${Properties.Name}`)
    for (const name of ['errors', 'one trace', 'requests that failed, by route']) {
      assert.ok(quoted.includes(name), name)
      assert.ok(
        queries.some((query) => query.endsWith(`/${name}`)),
        name,
      )
    }
    const sources = globSync('{shared/runtime,functions}/**/*.ts', { cwd: projectRoot }).map(read).join('\n')
    for (const line of [
      'published',
      'consumed',
      'message failed',
      'events stay unpublished for now',
      'one of many failed',
      'the provider asks for a person',
    ]) {
      assert.ok(quoted.includes(line), line)
      assert.ok(sources.includes(`'${line}'`), line)
    }
    const rules = ofType('AWS::Events::Rule').map(({ id }) => id)
    const [rule = ''] = quoted.filter((text) => text.endsWith('schedule'))
    assert.ok(
      rules.some((id) => id.startsWith(rule)),
      rule,
    )
  })

  test('asks for routes that are there', () => {
    const routes = services.flatMap(({ endpoints = {} }) =>
      Object.values(endpoints).map(({ method, path }) => `${method} ${path}`),
    )
    const told = quoted.filter((text) => /^(GET|POST|PUT|PATCH|DELETE) \//.test(text))
    assert.ok(told.length >= 5)
    for (const route of told)
      assert.ok(
        routes.some((each) => each.replace(/\{\w+\}/g, '{}') === route.replace(/\{\w+\}/g, '{}')),
        route,
      )
  })
})

describe('the assurance page', () => {
  const page = read('test/ASSURANCE.md')
  const invariants = [...page.matchAll(/^\| ([A-Z]\d)\*? +\|/gm)].map(([, name = '']) => name)
  const mistakes = [...page.matchAll(/^(\d+)\. /gm)].map(([, number = '']) => number)
  const files = globSync('test/**/*.test.ts', { cwd: projectRoot })
  const titles = matches(/(?:describe|test)\(\s*(['"`].+)/g, files)

  test('lists what titles of tests cite', () => {
    const cited = titles.flatMap(([path, title]) => [
      ...[...title.matchAll(/\b([A-Z]\d)(?=[,:]| under| at the)/g)].map(([, name = '']) => ({
        path,
        name,
        known: invariants,
      })),
      ...[...title.matchAll(/\bmistakes? ((?:\d+(?:, | and )?)+)/g)].flatMap(([, list = '']) =>
        (list.match(/\d+/g) ?? []).map((name) => ({ path, name, known: mistakes })),
      ),
    ])
    assert.ok(cited.length > 40)
    for (const { path, name, known } of cited) assert.ok(known.includes(name), `${path} cites ${name}`)
  })

  test('lists no mistake that no test cites', () => {
    const cited = new Set(
      titles.flatMap(([, title]) => (/\bmistakes? /.test(title) ? (title.match(/\d+/g) ?? []) : [])),
    )
    assert.deepEqual(
      mistakes.filter((number) => !cited.has(number)),
      [],
    )
  })
})
