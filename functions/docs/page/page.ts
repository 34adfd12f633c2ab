/** The documentation page, written on the server from the OpenAPI document and the event catalogue. */
import { type CatalogueEntry, eventCatalogue } from '../../../shared/contract/event-catalogue.ts'
import { isObject } from '../../../shared/contract/json-schema.ts'
import type { OpenApiDocument, Operation } from '../../../shared/contract/openapi.ts'
import type { Response } from '../../../shared/contract/openapi-responses.ts'
import { services } from '../../services.ts'
import { shopOpenApi } from '../shop-openapi.ts'
import { type Html, html } from './html.ts'
import { exampleOf, prose, type Schemas, schemaBlock, schemaCode } from './schema.ts'

export const pageHeaders = {
  'cache-control': 'public, max-age=60',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
}

/** What operations refer to. */
type Reference = { url: string; schemas: Schemas; responses: Readonly<Record<string, Response>> }

const referenceOf = ({ servers, components }: OpenApiDocument): Reference => ({
  url: servers[0]?.url ?? '',
  schemas: components.schemas,
  responses: components.responses,
})

const callers: Readonly<Record<string, string>> = {
  anyone: 'no token',
  shopper: 'any token',
  customer: 'an account',
  staff: 'staff',
}

const curlOf = ({ url, schemas }: Reference, path: string, method: string, operation: Operation): string => {
  const body = operation.requestBody?.content['application/json'].schema
  const needsKey = operation.parameters.some(({ name, required }) => name === 'Idempotency-Key' && required)
  const query = operation.parameters
    .filter((parameter) => parameter.in === 'query' && parameter.required)
    .map(({ name }) => `${name}=…`)
  return [
    `curl${method === 'get' ? '' : ` -X ${method.toUpperCase()}`} '${url}${path}${query.length > 0 ? `?${query.join('&')}` : ''}'`,
    ...(operation.security.length > 0 ? ['-H "authorization: Bearer $TOKEN"'] : []),
    ...(needsKey ? [`-H "idempotency-key: $(node -p 'crypto.randomUUID()')"`] : []),
    ...(body
      ? [
          "-H 'content-type: application/json'",
          `-d '${JSON.stringify(exampleOf(body, schemas)).replaceAll("'", "'\\''")}'`,
        ]
      : []),
  ].join(' \\\n  ')
}

const command = (text: string): Html =>
  html`<div class="command"><button type="button" data-copy hidden>copy</button><pre><code>${text}</code></pre></div>`

const parametersOf = ({ parameters }: Operation): Html | undefined =>
  parameters.length === 0
    ? undefined
    : html`<h4>Parameters</h4><table>${parameters.map(
        (parameter) =>
          html`<tr><td><code>${parameter.name}</code></td><td>${parameter.in}${parameter.required ? ', required' : ''}</td><td>${prose(parameter.description ?? '')}${schemaBlock('schema', parameter.schema)}</td></tr>`,
      )}</table>`

const successSchema = ({ content }: Response): Html | undefined => {
  const json = content?.['application/json']
  return json && schemaBlock('schema', json.schema)
}

const answersOf = ({ responses }: Reference, operation: Operation): Html =>
  html`<h4>Answers</h4><table>${Object.entries(operation.responses).flatMap(([status, given]) => {
    const answer = '$ref' in given ? responses[given.$ref.replace('#/components/responses/', '')] : given
    if (!answer) return []
    return html`<tr><td><code>${status}</code></td><td>${prose(answer.description)}${successSchema(answer)}</td></tr>`
  })}</table>`

const operationCard = (reference: Reference, path: string, method: string, operation: Operation): Html => {
  const body = operation.requestBody?.content['application/json'].schema
  const words =
    `${method} ${path} ${operation.summary} ${operation.tags.join(' ')} ${operation['x-caller']}`.toLowerCase()
  return html`<details class="card" id="${operation.operationId}" data-find="${words}"><summary><span class="method ${method}">${method.toUpperCase()}</span><code class="path">${path}</code><span class="tag">${callers[operation['x-caller']]}</span><span class="words">${operation.summary}</span></summary><div class="inside"><p>${prose(operation.description)}</p><h4>Try it</h4>${command(curlOf(reference, path, method, operation))}${parametersOf(operation)}${body && html`<h4>Body</h4>${schemaBlock('schema', body)}`}${answersOf(reference, operation)}</div></details>`
}

const serviceSection = (
  document: OpenApiDocument,
  { name, description }: { name: string; description: string },
): Html => {
  const reference = referenceOf(document)
  const cards = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => operation.tags.includes(name))
      .map(([method, operation]) => operationCard(reference, path, method, operation)),
  )
  return html`<section id="service-${name}" data-section><h2>${name}</h2><p class="lead">${description}</p>${cards}</section>`
}

const eventCard = (event: CatalogueEntry): Html =>
  html`<details class="card" id="event-${event.type}" data-find="event ${event.type} ${event.summary.toLowerCase()} ${event.publisher}"><summary><code class="path">${event.type}</code><span class="tag">v${event.schemaVersion}</span><span class="words">${event.summary}</span></summary><div class="inside"><h4>From ${event.publisher}, to</h4><p>${event.consumers.length > 0 ? event.consumers.join(', ') : 'nobody yet'}</p>${schemaBlock('envelope', event.schema)}</div></details>`

const schemaCard = (name: string, schema: unknown): Html => {
  const text = isObject(schema) && typeof schema.description === 'string' ? schema.description : ''
  return html`<details class="card" id="schema-${name}" data-find="schema ${name.toLowerCase()} ${text.toLowerCase()}"><summary><code class="path">${name}</code><span class="words">${prose(text)}</span></summary><div class="inside">${schemaCode(schema)}</div></details>`
}

const firstSteps = (url: string): Html =>
  html`<section id="start" data-section><h2>First steps</h2><p>Everyone carries a token; a guest's is one request away. Money is in minor units: <code>1999</code> EUR is 19.99 euro. Errors are problem documents (RFC 9457) with a stable <code>code</code>.</p>${command(`TOKEN=$(curl -s -X POST '${url}/auth/guest' | sed 's/.*"accessToken":"\\([^"]*\\)".*/\\1/')\ncurl '${url}/products?limit=3'`)}<p>The machine-readable forms: <a href="/openapi.json">openapi.json</a> and <a href="/events.json">events.json</a>. About stock and money: <a href="/docs/guarantees">what we guarantee, and how we know</a>.</p></section>`

/** The whole page; it needs no script to be read. */
export const docsPage = (): string => {
  const document = shopOpenApi()
  const url = document.servers[0]?.url ?? ''
  const links = document.tags.map(({ name }) => html`<li><a href="#service-${name}">${name}</a></li>`)
  const { title } = document.info
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}: API</title><link rel="icon" href="/docs/sign.svg"><link rel="stylesheet" href="/docs/style.css"><script src="/docs/filter.js" type="module"></script></head><body><div class="frame"><nav aria-label="Services"><strong><img src="/docs/sign.svg" width="24" height="24" alt="">${title}</strong><ul><li><a href="#start">First steps</a></li>${links}<li><a href="#schemas">Schemas</a></li><li><a href="#events">Events</a></li></ul></nav><main><h1>${title}: API</h1><p class="lead">${document.info.description}</p><label hidden><input id="search" type="search" placeholder="Filter by path or words; press /" aria-label="Filter"></label><p id="none" hidden>Nothing matches.</p>${firstSteps(url)}${document.tags.map((tag) => serviceSection(document, tag))}<section id="schemas" data-section><h2>Schemas</h2><p class="lead">What the answers and bodies above are made of.</p>${Object.entries(document.components.schemas).map(([name, schema]) => schemaCard(name, schema))}</section><section id="events" data-section><h2>Events</h2><p class="lead">What the services tell each other, on one bus, at least once and in any order.</p>${eventCatalogue(services).map(eventCard)}</section></main></div></body></html>`
    .html
}
