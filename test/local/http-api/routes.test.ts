import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { routeTable } from '../../../cdk/local/http-api/routes.ts'

const keys = [
  '$default',
  'ANY /{proxy+}',
  'GET /pets/{proxy+}',
  'GET /pets/dog/{id}',
  'GET /pets/dog/1',
  'ANY /pets/dog/1',
  'GET /pets/{kind}/1',
  'POST /pets/{kind}',
  'DELETE /',
]

describe('route precedence', () => {
  const find = routeTable(keys.map((key) => ({ key, route: key })))
  const cases: [string, string, string, object][] = [
    ['GET', '/pets/dog/1', 'GET /pets/dog/1', {}],
    ['PUT', '/pets/dog/1', 'ANY /pets/dog/1', {}],
    ['GET', '/pets/dog/2', 'GET /pets/dog/{id}', { id: '2' }],
    ['GET', '/pets/cat/1', 'GET /pets/{kind}/1', { kind: 'cat' }],
    ['GET', '/pets/cat/2/tail', 'GET /pets/{proxy+}', { proxy: 'cat/2/tail' }],
    ['POST', '/pets/fish', 'POST /pets/{kind}', { kind: 'fish' }],
    ['POST', '/pets/fish/3', 'ANY /{proxy+}', { proxy: 'pets/fish/3' }],
    ['POST', '/pets/', 'ANY /{proxy+}', { proxy: 'pets/' }],
    ['DELETE', '/', 'DELETE /', {}],
    ['GET', '/', '$default', {}],
  ]
  for (const [method, path, route, pathParameters] of cases) {
    test(`${method} ${path}`, () => assert.deepEqual(find(method, path), { route, pathParameters }))
  }

  test('without $default an unknown path has no route', () => {
    assert.equal(routeTable([{ key: 'GET /a', route: 1 }])('GET', '/b'), undefined)
    assert.equal(routeTable([{ key: 'GET /a', route: 1 }])('POST', '/a'), undefined)
  })
})
