/** Requests as clients send them, well and badly: bodies, conditions, and what is said of wrong fields. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as z from 'zod/mini'
import { services } from '../../functions/services.ts'
import { type EndpointDeclaration, endpoint } from '../../shared/contract/endpoint.ts'
import {
  Address,
  Country,
  Email,
  Id,
  Money,
  PageQuery,
  Quantity,
  Sku,
  Text,
  Timestamp,
} from '../../shared/contract/schema.ts'
import { parseRawBody } from '../../shared/runtime/raw-body.ts'
import { RefusedInput } from '../../shared/runtime/refused-input.ts'
import { type HttpEvent, parseRequest } from '../../shared/runtime/request.ts'

const success = { status: 204 } as const

const eventWith = (event: Partial<HttpEvent>): HttpEvent => ({
  version: '2.0',
  routeKey: 'PUT /things',
  rawPath: '/things',
  rawQueryString: '',
  requestContext: {
    accountId: '0',
    apiId: 'api',
    domainName: 'api.example',
    domainPrefix: 'api',
    http: { method: 'PUT', path: '/things', protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
    requestId: '1',
    routeKey: 'PUT /things',
    stage: '$default',
    time: '05/Nov/2026:08:30:00 +0000',
    timeEpoch: 0,
  },
  isBase64Encoded: false,
  headers: {},
  ...event,
})

const refusalOf = (work: () => unknown): RefusedInput => {
  try {
    const taken = work()
    assert.fail(`was taken: ${JSON.stringify(taken)?.slice(0, 200)}`)
  } catch (error) {
    if (error instanceof RefusedInput) return error
    throw error
  }
}

const named = endpoint({
  method: 'PUT',
  path: '/things',
  caller: 'anyone',
  summary: 'x',
  body: z.strictObject({ name: Text(100) }),
  success,
})

type Sent = { body: string | Buffer; type?: string; headers?: Record<string, string> }

/** As the gateway hands it over: bytes of a text type are read as UTF-8, those of any other come in Base64. */
const sent = ({ body, type = 'application/json', headers = {} }: Sent, asBase64 = false): HttpEvent => {
  const bytes = Buffer.from(body)
  return eventWith({
    headers: { 'content-type': type, 'content-length': String(bytes.length), ...headers },
    body: asBase64 ? bytes.toString('base64') : bytes.toString('utf8'),
    isBase64Encoded: asBase64,
  })
}

for (const asBase64 of [false, true])
  describe(`a body that comes ${asBase64 ? 'in Base64' : 'as text'}`, () => {
    const taken = (given: Sent) => parseRequest(named, sent(given, asBase64)).body
    const refusal = (given: Sent) => refusalOf(() => taken(given))

    test('is read as UTF-8, with or without a byte order mark', () => {
      for (const type of [
        'application/json',
        'application/json; charset=utf-8',
        'application/json;charset="UTF-8"',
        'APPLICATION/JSON',
        'application/json; charset=us-ascii',
        'application/merge-patch+json',
      ])
        assert.deepEqual(taken({ body: '{"name":"Škoda 日本 😀"}', type }), { name: 'Škoda 日本 😀' }, type)
      assert.deepEqual(taken({ body: '\uFEFF{"name":"a"}' }), { name: 'a' })
      assert.deepEqual(taken({ body: '{"name":"\uFFFD"}' }), { name: '\uFFFD' })
    })

    test('in another encoding is refused, whether it says so or not', () => {
      const latin1 = Buffer.from('{"name":"Müller"}', 'latin1')
      for (const charset of ['iso-8859-1', '"latin1"', 'utf-16', 'windows-1252']) {
        const { code, message, headers } = refusal({ body: latin1, type: `application/json; charset=${charset}` })
        assert.equal(code, 'UNSUPPORTED_MEDIA_TYPE')
        assert.match(message, /UTF-8/)
        assert.equal(headers.accept, 'application/json')
      }
      for (const bytes of [latin1, Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), Buffer.from([0x22, 0xc0, 0xaf, 0x22])])
        assert.equal(refusal({ body: bytes }).code, 'MALFORMED_JSON')
      assert.equal(refusal({ body: Buffer.from('\uFEFF{"name":"a"}', 'utf16le') }).code, 'MALFORMED_JSON')
    })

    test('with a content coding is refused with what would be taken', () => {
      for (const coding of ['gzip', 'br', 'deflate', 'zstd', 'gzip, gzip', 'x-unknown']) {
        const { code, headers } = refusal({ body: '{"name":"a"}', headers: { 'content-encoding': coding } })
        assert.deepEqual(
          { code, acceptEncoding: headers['accept-encoding'] },
          { code: 'UNSUPPORTED_MEDIA_TYPE', acceptEncoding: 'identity' },
          coding,
        )
      }
      assert.deepEqual(taken({ body: '{"name":"a"}', headers: { 'content-encoding': 'identity' } }), { name: 'a' })
    })

    test('of another type is refused', () => {
      for (const type of [
        '',
        'text/plain',
        'text/json',
        'application/xml',
        'application/jsonp',
        'multipart/form-data; boundary=json',
      ])
        assert.equal(refusal({ body: '{"name":"a"}', type }).code, 'UNSUPPORTED_MEDIA_TYPE', type)
    })

    test('that is not JSON by RFC 8259 is refused', () => {
      for (const body of [
        '{',
        '}',
        '{"a":1,}',
        '[1,]',
        "{'a':1}",
        '{a:1}',
        '{"a":01}',
        '{"a":.5}',
        '{"a":1.}',
        '{"a":+1}',
        '{"a":0x1}',
        '{"a":NaN}',
        '{"a":Infinity}',
        '{"a":"\u0000"}',
        '{"a":"\n"}',
        '{"a":"\\x"}',
        '{"a":"\\u12"}',
        '{"a":1}{"b":2}',
        '{"a":1} x',
        '// a\n{}',
        '{"a":undefined}',
        '\u00a0{}',
        '\uFEFF\uFEFF{}',
        'True',
        '"',
        '{"a"',
        '[',
        '\\',
        'nul',
        '\u2028{}',
        '{"a":1e}',
        '-',
        '{"a" "b"}',
      ])
        assert.equal(refusal({ body }).code, 'MALFORMED_JSON', body)
    })
  })

describe('half of a surrogate pair', () => {
  const free = endpoint({
    method: 'PUT',
    path: '/things/{id}',
    caller: 'anyone',
    summary: 'x',
    params: z.strictObject({ id: z.string() }),
    query: z.strictObject({ q: z.optional(z.string()) }),
    body: z.unknown(),
    success,
  })
  const refusal = (event: Partial<HttpEvent>) =>
    refusalOf(() => parseRequest(free, eventWith({ pathParameters: { id: 'a' }, ...event })))
  const json = { 'content-type': 'application/json' }

  test('is refused anywhere in a body, with its place', () => {
    for (const [body, pointer] of [
      ['"\\ud800"', ''],
      ['{"a":"\\udc00"}', '/a'],
      ['{"a":[1,{"b/c":"x\\ud83d"}]}', '/a/1/b~1c'],
      ['{"a":"\\ude00\\ud83d"}', '/a'],
      ['{"\\ud800":1}', ''],
      ['[["\\udfff"]]', '/0/0'],
    ] as const) {
      const { code, errors } = refusal({ headers: json, body })
      assert.deepEqual(
        { code, pointer: errors[0]?.pointer, errorsCode: errors[0]?.code },
        { code: 'INVALID_INPUT', pointer, errorsCode: 'not_well_formed' },
        body,
      )
    }
    const { body } = parseRequest(
      free,
      eventWith({ pathParameters: { id: 'a' }, headers: json, body: '"\\ud83d\\ude00"' }),
    )
    assert.equal(body, '😀')
  })

  test('and so is a member that schemas would leave out without a word', () => {
    for (const [body, pointer] of [
      ['{"__proto__":"M"}', '/__proto__'],
      ['{"a":[{"__proto__":{"staff":true}}]}', '/a/0/__proto__'],
    ] as const) {
      const { code, errors } = refusal({ headers: json, body })
      assert.deepEqual(
        { code, pointer: errors[0]?.pointer, errorsCode: errors[0]?.code },
        { code: 'INVALID_INPUT', pointer, errorsCode: 'unrecognized_keys' },
      )
    }
  })

  test('is refused in path, query and header fields', () => {
    for (const [event, pointer] of [
      [{ pathParameters: { id: '\ud800' } }, '{id}'],
      [{ queryStringParameters: { q: 'a\udc00' } }, '?q'],
      [{ headers: { prefer: 'wait=1;x="\ud800"' } }, 'prefer:'],
    ] as const)
      assert.deepEqual(
        refusal(event).errors.map((error) => error.pointer),
        [pointer],
      )
  })

  test('is refused in signed bodies', () => {
    assert.equal(parseRawBody(z.string(), '"\\ud800"'), undefined)
    assert.equal(parseRawBody(z.string(), '"\\ud83d\\ude00"'), '😀')
    assert.equal(parseRawBody(z.array(z.string()), `[${'1,'.repeat(120_000)}1]`), undefined)
  })
})

describe('a query parameter that the contract does not name', () => {
  const { requestContext } = eventWith({})
  const claims = { sub: 'usr_01JD0000000000000000000000', scope: 'shop staff' }
  const asStaff = {
    ...requestContext,
    authorizer: { jwt: { claims, scopes: ['shop'] }, principalId: '', integrationLatency: 0 },
  }
  const asked = (declaration: EndpointDeclaration) =>
    parseRequest(
      { ...declaration, params: undefined },
      eventWith({ requestContext: asStaff, queryStringParameters: { unheardOf: '1' } }),
    )
  const endpoints = services.flatMap(({ endpoints: own }) => Object.entries<EndpointDeclaration>(own))

  test('is refused by its name, whether the contract names others or none', () => {
    assert.ok(endpoints.some(([, { query }]) => query) && endpoints.some(([, { query }]) => !query))
    for (const [name, declaration] of endpoints) {
      if (declaration.method === 'ANY') continue
      const { code, errors } = refusalOf(() => asked(declaration))
      const error = errors.find(({ pointer }) => pointer === '?unheardOf')
      assert.deepEqual({ code, error: error?.code }, { code: 'INVALID_INPUT', error: 'unrecognized_keys' }, name)
    }
  })

  test('is left to what answers for paths that nobody has: it leads on with the query as it came', () => {
    const [, others] = endpoints.find(([, { method }]) => method === 'ANY') ?? []
    assert.ok(others)
    assert.equal(asked(others).query, undefined)
  })
})

describe('a body of very many values', () => {
  const lists = endpoint({
    method: 'PUT',
    path: '/things',
    caller: 'anyone',
    summary: 'x',
    body: z.strictObject({ lines: z.array(z.strictObject({ sku: Sku, quantity: Quantity })).check(z.maxLength(100)) }),
    success,
  })

  test('is refused, however they are nested, without exhausting the stack', () => {
    const many = (one: string, length: number) => `[${Array(length).fill(one).join(',')}]`
    for (const body of [
      `{"lines":${many('1', 125_000)}}`,
      many('1', 131_000),
      `{"lines":${many('{}', 80_000)}}`,
      `{"lines":[${many('{}', 80_000)}]}`,
      `{"lines":${many('[[[]]]', 30_000)}}`,
      `{${Array.from({ length: 20_000 }, (_, i) => `"k${i}":1`).join(',')}}`,
      `{"lines":${many('{}', 9_990)}}`,
      `${'['.repeat(100_000)}1${']'.repeat(100_000)}`,
      `${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}`,
    ]) {
      const { code, errors } = refusalOf(() =>
        parseRequest(lists, eventWith({ headers: { 'content-type': 'application/json' }, body })),
      )
      assert.equal(code, 'INVALID_INPUT', body.slice(0, 40))
      assert.ok(errors.length > 0 && errors.length <= 20)
    }
  })
})

describe('If-Match', () => {
  const versionsOf = (header: string | undefined) =>
    parseRequest(
      endpoint({ method: 'DELETE', path: '/things', caller: 'anyone', summary: 'x', success }),
      eventWith({ headers: header === undefined ? {} : { 'if-match': header } }),
    ).ifMatch

  test('names one version or several, by strong comparison (RFC 9110 13.1.1)', () => {
    const cases: [string, readonly number[]][] = [
      ['"3"', [3]],
      [' "3" ', [3]],
      ['"1", "2"', [1, 2]],
      ['"1","2" ,"30"', [1, 2, 30]],
      [', "1",, "2",', [1, 2]],
      ['"a", "2"', [2]],
      ['"a,b", "2"', [2]],
      ['W/"3"', []],
      ['W/"3", "4"', [4]],
      ['w/"3"', []],
      ['3', []],
      ['"3', []],
      ['', []],
      ['"3" "4"', []],
      ['"1", 2', []],
    ]
    for (const [header, versions] of cases) assert.deepEqual(versionsOf(header), versions, header)
    assert.equal(versionsOf('*'), undefined)
    assert.equal(versionsOf(undefined), undefined)
  })
})

describe('what is said of a wrong field', () => {
  const everything = endpoint({
    method: 'PUT',
    path: '/things',
    caller: 'anyone',
    summary: 'x',
    query: z.strictObject(PageQuery),
    body: z.strictObject({
      name: z.optional(Text(40)),
      country: z.optional(Country),
      email: z.optional(Email),
      id: z.optional(Id('ord')),
      sku: z.optional(Sku),
      quantity: Quantity,
      price: z.optional(Money),
      rating: z.optional(z.int().check(z.minimum(1), z.maximum(5))),
      kind: z.optional(z.enum(['small', 'large'])),
      at: z.optional(Timestamp),
      tags: z.optional(z.array(z.string().check(z.maxLength(5))).check(z.minLength(1), z.maxLength(2))),
      gift: z.optional(z.boolean()),
      address: z.optional(Address),
      ratio: z.optional(z.number().check(z.gt(0), z.lt(1), z.multipleOf(0.25))),
      only: z.optional(z.literal('this')),
      either: z.optional(z.union([z.literal('all'), z.strictObject({ sku: Sku })])),
      options: z.optional(z.record(Text(3), Text(3))),
    }),
    success,
  })
  const errorsOf = (body: object, query: Record<string, string> = {}) =>
    refusalOf(() =>
      parseRequest(
        everything,
        eventWith({
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
          queryStringParameters: query,
        }),
      ),
    ).errors.map(({ pointer, detail }) => `${pointer} ${detail}`)

  const cases: [object, string[]][] = [
    [{}, ['/quantity Is missing. Must be a number.']],
    [{ quantity: 'two' }, ['/quantity Must be a number.']],
    [{ quantity: null }, ['/quantity Must be a number.']],
    [{ quantity: 1.5 }, ['/quantity Must be a whole number.']],
    [{ quantity: 0 }, ['/quantity Must be at least 1.']],
    [{ quantity: 1000 }, ['/quantity Must be at most 999.']],
    ...['YEN', 'eur', 'ZZZ'].map((currency): [object, string[]] => [
      { quantity: 1, price: { amount: 1, currency } },
      ['/price/currency Must be a currency code of ISO 4217, such as EUR.'],
    ]),
    [{ name: '' }, ['/name Must not be empty.']],
    [{ name: 'x'.repeat(41) }, ['/name Must have at most 40 characters.']],
    [{ name: 'x'.repeat(400) }, ['/name Must have at most 40 characters.']],
    [{ name: 'a\u0000b' }, ['/name Must hold no control characters but line breaks and tabs.']],
    [{ name: 7 }, ['/name Must be a text.']],
    [
      { country: 'Germany' },
      [
        '/country Must have at most 2 characters.',
        '/country Must be a country code of ISO 3166-1 alpha-2, such as DE.',
      ],
    ],
    [{ country: 'de' }, ['/country Must be a country code of ISO 3166-1 alpha-2, such as DE.']],
    [{ email: 'ada' }, ['/email Must be an e-mail address.']],
    [{ id: 'prd_1' }, ['/id Must be an identifier such as ord_01JZ5K3N8Q4T6V7W9X0Y1Z2A3B.']],
    [{ sku: 'a b' }, ['/sku Must be letters, numbers, and after the first also . _ and -, at most 64.']],
    [
      { price: { amount: 1.5, currency: 'eur' } },
      ['/price/amount Must be a whole number.', '/price/currency Must be a currency code of ISO 4217, such as EUR.'],
    ],
    [{ price: { amount: -1, currency: 'EUR' } }, ['/price/amount Must be at least 0.']],
    [{ price: 10 }, ['/price Must be an object.']],
    [{ rating: 6 }, ['/rating Must be at most 5.']],
    [{ kind: 'medium' }, ['/kind Must be one of: small, large.']],
    [{ at: 'yesterday' }, ['/at Must be a time as in RFC 3339, in UTC, such as 2026-11-05T08:30:00Z.']],
    [{ tags: [] }, ['/tags Must not be empty.']],
    [{ tags: ['a', 'b', 'c'] }, ['/tags Must have at most 2 entries.']],
    [{ tags: ['a', 'abcdef'] }, ['/tags/1 Must have at most 5 characters.']],
    [{ tags: 'a' }, ['/tags Must be a list.']],
    [{ gift: 'yes' }, ['/gift Must be true or false.']],
    [{ ratio: 0.3 }, ['/ratio Must be a multiple of 0.25.']],
    [{ ratio: 0 }, ['/ratio Must be more than 0.']],
    [{ ratio: 1 }, ['/ratio Must be less than 1.']],
    [{ only: 'that' }, ['/only Must be this.']],
    [{ either: 5 }, ['/either Must be all. Or: Must be an object.']],
    [
      { either: { sku: '' } },
      ['/either/sku Must be letters, numbers, and after the first also . _ and -, at most 64.'],
    ],
    [{ options: { a: 'long text' } }, ['/options/a Must have at most 3 characters.']],
    [{ price: { amount: 1, currency: 'EUR', tax: 1 } }, ['/price/tax Is not known here.']],
    [
      { address: { line1: 'a', city: 'b', postalCode: 'c', country: 'DE' } },
      ['/address/name Is missing. Must be a text.'],
    ],
  ]
  for (const [body, expected] of cases)
    test(JSON.stringify(body).slice(0, 80), () =>
      assert.deepEqual(
        errorsOf('quantity' in body || expected[0]?.startsWith('/quantity') ? body : { quantity: 1, ...body }),
        expected,
      ),
    )

  test('a field that nobody knows is answered with those that are known', () => {
    const [error] = errorsOf({ quantity: 1, colour: 'red' })
    assert.match(error ?? '', /^\/colour Is not known here; known are: name, country, email, id, sku, quantity, price/)
    assert.deepEqual(errorsOf({ quantity: 1 }, { page: '2' }), ['?page Is not known here; known are: limit, cursor.'])
    assert.deepEqual(errorsOf({ quantity: 1 }, JSON.parse('{"__proto__":"1"}')), [
      '?__proto__ Is no name that anything can have.',
    ])
  })

  test('a query', () => {
    assert.deepEqual(errorsOf({ quantity: 1 }, { limit: '0' }), ['?limit Must be at least 1.'])
    assert.deepEqual(errorsOf({ quantity: 1 }, { limit: '500' }), ['?limit Must be at most 100.'])
    assert.deepEqual(errorsOf({ quantity: 1 }, { limit: 'x' }), ['?limit Must be a number.'])
  })
})

describe('bodies that are there, or not', () => {
  const bare = endpoint({ method: 'POST', path: '/things', caller: 'anyone', summary: 'x', success })
  const optional = z.strictObject({ nickname: z.optional(Text(40)) })
  const takesOptional = (method: 'PATCH' | 'PUT' | 'POST' | 'DELETE') =>
    endpoint({ method, path: '/things', caller: 'anyone', summary: 'x', body: optional, success })
  const withBody = (body?: string) =>
    eventWith(body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } })

  test('where the contract names none, only nothing and the empty object are taken', () => {
    for (const body of ['[]', '[1]', '1', '0', 'null', 'true', 'false', '""', '"x"', '{"a":1}', '[{}]']) {
      const refusal = refusalOf(() => parseRequest(bare, withBody(body)))
      assert.deepEqual(
        { code: refusal.code, message: refusal.message },
        { code: 'INVALID_INPUT', message: 'This request takes no body.' },
        body,
      )
    }
    for (const body of [undefined, '', '{}', ' { } ']) assert.equal(parseRequest(bare, withBody(body)).body, undefined)
  })

  test('where it names one, an object must be there, though all in it may be left out', () => {
    for (const method of ['PATCH', 'PUT', 'POST'] as const) {
      for (const body of [undefined, '', '[]', '1', 'null', '"x"'])
        assert.equal(refusalOf(() => parseRequest(takesOptional(method), withBody(body))).code, 'INVALID_INPUT', body)
      assert.deepEqual(parseRequest(takesOptional(method), withBody('{}')).body, {})
    }
  })

  test('but for a DELETE, which has a meaning without', () => {
    for (const body of [undefined, '', '{}'])
      assert.deepEqual(parseRequest(takesOptional('DELETE'), withBody(body)).body, {})
    for (const body of ['[]', '1', 'null'])
      assert.equal(refusalOf(() => parseRequest(takesOptional('DELETE'), withBody(body))).code, 'INVALID_INPUT')
  })
})
