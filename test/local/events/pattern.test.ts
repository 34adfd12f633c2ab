import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compileFilters, compilePattern } from '../../../cdk/local/events/pattern.ts'
import type { Json } from '../../../cdk/local/template/json.ts'

const event: Json = {
  version: '0',
  source: 'aws.ec2',
  'detail-type': 'EC2 Instance State-change Notification',
  account: '123456789012',
  region: 'us-west-1',
  resources: ['arn:aws:ec2:us-west-1:123456789012:instance/i-0'],
  detail: {
    state: 'Terminated',
    'c-count': 5,
    price: 10.25,
    zero: 0,
    'x-limit': 301.8,
    'source-ip': '10.0.0.12',
    v6: '2001:db8::7',
    file: 'dir/photo.PNG',
    path: 'a*b\\c',
    none: null,
    yes: true,
    empty: '',
    list: ['a', 'b'],
    noItems: [],
    lines: [{ sku: 'one' }, { sku: 'two' }],
    deep: { leaf: 1 },
  },
}

const cases: [what: string, pattern: Json, matches: boolean][] = [
  ['equal text', { source: ['aws.ec2'] }, true],
  ['any of several', { source: ['aws.s3', 'aws.ec2'] }, true],
  ['another text', { source: ['aws.fake'] }, false],
  ['every key must match', { source: ['aws.ec2'], region: ['eu-west-1'] }, false],
  ['an element of a list', { resources: ['arn:aws:ec2:us-west-1:123456789012:instance/i-0'] }, true],
  ['a missing key', { missing: ['a'] }, false],
  ['types are strict: text is no number', { account: [123456789012] }, false],
  ['types are strict: number is no text', { detail: { 'c-count': ['5'] } }, false],
  ['number', { detail: { 'c-count': [5] } }, true],
  ['null', { detail: { none: [null] } }, true],
  ['null is not absent', { detail: { missing: [null] } }, false],
  ['true', { detail: { yes: [true] } }, true],
  ['empty text', { detail: { empty: [''] } }, true],
  ['prefix', { region: [{ prefix: 'us-' }] }, true],
  ['prefix ignoring case', { region: [{ prefix: { 'equals-ignore-case': 'US-' } }] }, true],
  ['suffix', { detail: { file: [{ suffix: '.png' }] } }, false],
  ['suffix ignoring case', { detail: { file: [{ suffix: { 'equals-ignore-case': '.png' } }] } }, true],
  ['equals-ignore-case', { detail: { state: [{ 'equals-ignore-case': 'terminated' }] } }, true],
  ['anything-but text', { detail: { state: [{ 'anything-but': 'initializing' }] } }, true],
  ['anything-but that text', { detail: { state: [{ 'anything-but': 'Terminated' }] } }, false],
  ['anything-but a list', { detail: { state: [{ 'anything-but': ['stopped', 'Terminated'] }] } }, false],
  ['anything-but numbers', { detail: { 'x-limit': [{ 'anything-but': [100, 200] }] } }, true],
  ['anything-but a prefix', { detail: { state: [{ 'anything-but': { prefix: 'Term' } }] } }, false],
  ['anything-but prefixes', { detail: { state: [{ 'anything-but': { prefix: ['x', 'y'] } }] } }, true],
  ['anything-but a suffix', { detail: { file: [{ 'anything-but': { suffix: '.txt' } }] } }, true],
  [
    'anything-but ignoring case',
    { detail: { state: [{ 'anything-but': { 'equals-ignore-case': 'terminated' } }] } },
    false,
  ],
  ['anything-but a wildcard', { detail: { file: [{ 'anything-but': { wildcard: '*/photo.*' } }] } }, false],
  ['anything-but wants the key', { detail: { missing: [{ 'anything-but': 'x' }] } }, false],
  ['numeric range', { detail: { 'c-count': [{ numeric: ['>', 0, '<=', 5] }] } }, true],
  ['numeric outside', { detail: { 'c-count': [{ numeric: ['<', 5] }] } }, false],
  ['numeric equal', { detail: { 'x-limit': [{ numeric: ['=', 3.018e2] }] } }, true],
  ['numeric of zero', { detail: { zero: [{ numeric: ['>=', 0] }] } }, true],
  ['numeric of text', { account: [{ numeric: ['>', 0] }] }, false],
  ['cidr', { detail: { 'source-ip': [{ cidr: '10.0.0.0/24' }] } }, true],
  ['cidr outside', { detail: { 'source-ip': [{ cidr: '10.0.1.0/24' }] } }, false],
  ['cidr of version 6', { detail: { v6: [{ cidr: '2001:db8::/32' }] } }, true],
  ['exists', { detail: { 'c-count': [{ exists: true }] } }, true],
  ['exists not', { detail: { missing: [{ exists: false }] } }, true],
  ['exists not, below a missing object', { nowhere: { leaf: [{ exists: false }] } }, true],
  ['exists is of leaves only', { detail: { deep: [{ exists: true }] } }, false],
  ['an empty list does not exist', { detail: { noItems: [{ exists: false }] } }, true],
  ['wildcard', { detail: { file: [{ wildcard: 'dir/*.PNG' }] } }, true],
  ['wildcard escaped', { detail: { path: [{ wildcard: 'a\\*b\\\\c' }] } }, true],
  ['wildcard is anchored', { detail: { file: [{ wildcard: 'photo*' }] } }, false],
  ['wildcard takes no other special signs', { detail: { file: [{ wildcard: 'dir.photo*' }] } }, false],
  ['an element among several', { detail: { list: ['b'] } }, true],
  ['objects in a list', { detail: { lines: { sku: ['two'] } } }, true],
  ['objects in a list, none', { detail: { lines: { sku: ['three'] } } }, false],
  ['or of keys', { detail: { $or: [{ 'c-count': [7] }, { state: ['Terminated'] }] } }, true],
  ['or of keys, none', { detail: { $or: [{ 'c-count': [7] }, { state: ['running'] }] } }, false],
  ['or beside a key', { source: ['aws.s3'], $or: [{ region: ['us-west-1'] }, { account: ['1'] }] }, false],
  ['mixed alternatives', { detail: { state: ['running', { prefix: 'Term' }] } }, true],
]

describe('event patterns', () => {
  for (const [what, pattern, matches] of cases) {
    test(what, () => assert.equal(compilePattern(pattern)(event), matches))
  }

  const malformed: [Json, RegExp][] = [
    [{ detail: { a: [{ contains: 'x' }] } }, /unknown operator "contains"/],
    [{ source: 'aws.ec2' }, /must be a list or an object/],
    [{ source: [] }, /may not be empty/],
    [{}, /may not be empty/],
    [[], /is an object/],
    [{ source: [['a']] }, /may not hold a list/],
    [{ a: [{ numeric: ['>', '1'] }] }, /numeric/],
    [{ a: [{ numeric: ['!', 1] }] }, /numeric/],
    [{ a: [{ cidr: '10.0.0.0' }] }, /cidr/],
    [{ a: [{ exists: 'yes' }] }, /exists/],
    [{ a: [{ prefix: 1 }] }, /prefix/],
    [{ a: [{ 'anything-but': { numeric: ['>', 1] } }] }, /anything-but/],
    [{ a: [{ wildcard: 'a**b' }] }, /two \*/],
    [{ a: [{ prefix: 'a', suffix: 'b' }] }, /exactly one/],
    [{ $or: [{ a: ['b'] }] }, /two or more/],
  ]
  for (const [pattern, message] of malformed) {
    test(`refuses ${JSON.stringify(pattern)}`, () => assert.throws(() => compilePattern(pattern), message))
  }

  test('a mapping without filters passes everything; with several, one is enough', () => {
    assert.equal(compileFilters([])(event), true)
    assert.equal(compileFilters(['{"source":["x"]}', '{"source":["aws.ec2"]}'])(event), true)
    assert.throws(() => compileFilters(['{']), /not JSON/)
  })
})
