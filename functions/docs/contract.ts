import * as z from 'zod/mini'
import { endpoint, service } from '../../shared/contract/endpoint.ts'

const Json = z.record(z.string(), z.unknown())

export const endpoints = {
  home: endpoint({
    method: 'GET',
    path: '/',
    caller: 'anyone',
    summary: 'Show the documentation',
    success: { status: 200, body: z.string(), contentType: 'text/html; charset=utf-8' },
    uses: ['public-api'],
  }),
  docs: endpoint({
    method: 'GET',
    path: '/docs',
    caller: 'anyone',
    summary: 'Show the documentation',
    success: { status: 200, body: z.string(), contentType: 'text/html; charset=utf-8' },
    uses: ['public-api'],
  }),
  guarantees: endpoint({
    method: 'GET',
    path: '/docs/guarantees',
    caller: 'anyone',
    summary: 'Show what the shop guarantees about stock and money, and how that is known',
    success: { status: 200, body: z.string(), contentType: 'text/html; charset=utf-8' },
  }),
  docsAsset: endpoint({
    method: 'GET',
    path: '/docs/{name}',
    caller: 'anyone',
    summary: 'Give a part of the documentation page: its style, its script, its sign',
    params: z.strictObject({ name: z.string().check(z.maxLength(40), z.regex(/^[a-z-]+\.[a-z]+$/)) }),
    success: { status: 200, body: z.string() },
  }),
  openApi: endpoint({
    method: 'GET',
    path: '/openapi.json',
    caller: 'anyone',
    summary: 'Describe the API in OpenAPI 3.1',
    success: { status: 200, body: Json },
    uses: ['public-api'],
  }),
  events: endpoint({
    method: 'GET',
    path: '/events.json',
    caller: 'anyone',
    summary: 'List the events, with their JSON Schemas, publishers and consumers',
    success: { status: 200, body: z.strictObject({ data: z.array(Json) }) },
  }),
  notFound: endpoint({
    method: 'ANY',
    path: '/{proxy+}',
    caller: 'anyone',
    summary: 'Answer whatever no other route does: lead to a path without its last slash, or tell what there is',
    success: { status: 308 },
    problems: { METHOD_NOT_ALLOWED: 405 },
  }),
}

export const docs = service({ name: 'docs', summary: 'the API describes itself', personalData: 'none', endpoints })
