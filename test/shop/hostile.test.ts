/**
 * What no honest client sends, to every route of the contracts: it is refused with a problem document, and never breaks anything.
 * Each run of the tests sends every route a few requests that its seed draws; `npm run campaign` sends all of them.
 */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { exampleOf } from '../../functions/docs/page/schema.ts'
import { vocabulary } from '../../functions/docs/shop-openapi.ts'
import { services } from '../../functions/services.ts'
import { isObject } from '../../shared/contract/json-schema.ts'
import { openApiDocument } from '../../shared/contract/openapi.ts'
import {
  hostileBodies,
  hostileHeaders,
  hostileQueryValues,
  hostileSegments,
  hostileValues,
} from '../support/hostile.ts'
import { fc, isCampaign, testSeed } from '../support/property.ts'
import { customer, openShop, type RawAnswer, type RawRequest, staffToken } from '../support/shop.ts'

const shop = await openShop()
after(() => shop.stop())
const staff = await staffToken(shop)
const { token: ofCustomer } = await customer(shop)

const { paths, components } = openApiDocument(services, { title: 'x', version: '1', url: shop.url }, vocabulary())
const routes = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
)
type Route = (typeof routes)[number]

/** An honest address: every parameter has a value of the right form, of something that does not exist. */
const addressOf = ({ path, operation }: Route): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const schema = operation.parameters.find((one) => one.in === 'path' && one.name === name)?.schema
    const prefix = /\^([a-z]{3})_/.exec(JSON.stringify(schema ?? ''))?.[1]
    return prefix ? `${prefix}_01JZ5K3N8Q4T6V7W9X0Y1Z2A3B` : 'nothing'
  })

/** Those whose own session or account would end. */
const endsSession = /^(logout|eraseMe)$/

const isFit = (answer: RawAnswer, what: string): void => {
  if (answer.ok) return
  const { status, headers, problem } = answer
  assert.ok(status < 500, `${what}: ${status} ${JSON.stringify(problem)}`)
  const type = headers.get('content-type') ?? ''
  if (status === 401 && type.startsWith('application/json')) return
  // The gateway's own words, to what it does not pass on.
  if ([400, 414, 431].includes(status) && !type.startsWith('application/problem')) return
  assert.match(type, /^application\/problem\+json/, `${what}: ${status} ${JSON.stringify(problem)}`)
  assert.equal(problem.status, status, what)
  for (const { pointer, detail } of problem.errors ?? []) {
    assert.equal(typeof pointer, 'string', what)
    assert.ok(detail !== 'Invalid input' && detail.length >= 10, `${what}: ${pointer} ${detail}`)
  }
}

const ask = async (route: Route, address: string, request: RawRequest, what: string): Promise<void> => {
  const token = route.operation['x-caller'] === 'customer' ? ofCustomer : staff
  const answer = await shop.raw(route.method, address, { token, ...request })
  isFit(answer, `${route.method} ${address.slice(0, 200)} with ${what.slice(0, 100)}`)
}

/** So many requests of one kind to one route, but in a campaign. */
const drawn = 2
let draws = 0
/** All of them in a campaign; else the few that the seed draws. */
const some = <T>(all: readonly T[]): T[] => {
  if (isCampaign) return [...all]
  draws += 1
  return fc
    .sample(fc.shuffledSubarray([...all], { maxLength: drawn, minLength: Math.min(drawn, all.length) }), {
      numRuns: 1,
      seed: testSeed + draws,
    })
    .flat()
}

/** So many at a time, as a crowd would. */
const askAll = async (works: readonly (() => Promise<void>)[]): Promise<void> => {
  const waiting = some(works)
  const work = async (): Promise<void> => {
    for (let next = waiting.pop(); next; next = waiting.pop()) await next()
  }
  await Promise.all(Array.from({ length: 4 }, work))
}

/** The honest body with each field, at any depth, in turn replaced by one value (JSON text) after the other: each value `times`. */
const bodiesWith = (honest: unknown, values: readonly string[], times: number): string[] => {
  const mark = 'c0ffee-in-the-place-of-the-value'
  const replaced = (node: unknown): unknown[] => {
    if (Array.isArray(node))
      return [mark, ...node.flatMap((one, at) => replaced(one).map((each) => node.with(at, each)))]
    if (!isObject(node)) return [mark]
    return [
      mark,
      ...Object.entries(node).flatMap(([name, member]) => replaced(member).map((each) => ({ ...node, [name]: each }))),
    ]
  }
  const bodies = replaced(honest).map((body) => JSON.stringify(body))
  return values.flatMap((value, at) =>
    Array.from({ length: Math.min(times, bodies.length) }, (_, time) => {
      const body = bodies[(at * times + time) % bodies.length] ?? ''
      return body.replace(`"${mark}"`, () => value)
    }),
  )
}

/** What makes no difference between routes is shared out among them. */
const share = <T>(all: readonly T[], parts: number, place: number): T[] =>
  all.filter((_, at) => (at + place) % parts === 0)

const asked = routes.filter(({ operation }) => !endsSession.test(operation.operationId))
for (const [place, route] of asked.entries()) {
  const name = `${route.method} ${route.path}`
  const body = route.operation.requestBody?.content['application/json'].schema
  const key = { 'idempotency-key': 'hostile' }

  if (route.method !== 'GET')
    test(`${name}: bodies`, () =>
      askAll(
        share(hostileBodies, body ? 2 : 8, place).map(
          (text) => () => ask(route, addressOf(route), { body: text, headers: key }, text),
        ),
      ))

  if (body)
    test(`${name}: fields`, () => {
      const honest = exampleOf(body, components.schemas)
      return askAll(
        bodiesWith(honest, hostileValues, 1).map((text) => () => ask(route, addressOf(route), { body: text }, text)),
      )
    })

  const query = route.operation.parameters.filter((one) => one.in === 'query')
  if (route.path.includes('{') || query.length > 0)
    test(`${name}: addresses`, () =>
      askAll([
        ...(route.path.includes('{')
          ? hostileSegments.map(
              (segment) => () =>
                ask(
                  route,
                  route.path.replaceAll(/\{\w+\}/g, () => segment),
                  {},
                  '',
                ),
            )
          : []),
        ...query.flatMap(({ name: parameter }) =>
          hostileQueryValues.map((value) => () => ask(route, `${addressOf(route)}?${parameter}=${value}`, {}, '')),
        ),
      ]))

  test(`${name}: header fields`, () =>
    askAll(
      share(hostileHeaders, 4, place).map(
        (headers) => () =>
          ask(route, addressOf(route), { headers, ...(body ? { body: '{}' } : {}) }, JSON.stringify(headers)),
      ),
    ))
}

describe('afterwards', () => {
  test('the shop sells as before', async () => {
    assert.equal((await shop.request('GET /products', { query: { limit: '1' } })).status, 200)
  })
})
