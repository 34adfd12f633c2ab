/**
 * Says from where in the sources a place in a bundle comes. Bundles hold no maps, which would double what is deployed; and none
 * are kept beside them, since making them takes half as much again as bundling does. They are made when somebody asks, from the
 * same sources, and found by the code that they belong to.
 */
import { readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { bundleFunctions } from './bundle.ts'
import { bundleTogether } from './bundle-passes.ts'

const Payload = z.object({
  version: z.number(),
  sources: z.array(z.string()),
  names: z.array(z.string()),
  mappings: z.string(),
})

const mark = '//# sourceMappingURL=data:application/json;base64,'

/** Chunks are named by a hash of what is in them, maps included; the names are as long as ever. */
const withoutHashes = (code: string): string => code.trimEnd().replace(/-[A-Z0-9]{8}\.mjs/g, '.mjs')

const codeAndMap = (content: Uint8Array): [code: string, map: SourceMap] => {
  const text = Buffer.from(content).toString()
  const at = text.lastIndexOf(mark)
  if (at < 0) throw new Error('a bundle was made without its map')
  const json: unknown = JSON.parse(Buffer.from(text.slice(at + mark.length), 'base64').toString())
  return [text.slice(0, at), new SourceMap({ file: '', sourceRoot: '', sourcesContent: [], ...Payload.parse(json) })]
}

/** Sources lie in the project, wherever the bundler thought that its output would. */
const pathOf = (source: string): string | undefined =>
  source.startsWith('linked:') ? undefined : source.replace(/^(\.\.\/)+/, '')

export type SourcePlaces = {
  /** The bundle's, as these sources make it. */
  hash: string
  /**
   * @param file in the bundle's folder: `index.mjs`
   * @param line from 1, as stacks count
   * @param column from 1
   * @returns `functions/orders/view.ts:27:5`; undefined where no source stands behind it
   */
  placeOf: (file: string, line: number, column: number) => string | undefined
}

/**
 * @param entry of the function
 * @param entries of its whole service, since what its functions share decides the order of things in each
 * @param provider folder of the payment provider that is in it
 */
export const sourcePlacesOf = async (
  entry: string,
  entries: readonly string[],
  provider: string,
): Promise<SourcePlaces> => {
  const bundle = (await bundleFunctions(entries, provider)).get(entry)
  const mapped = (await bundleTogether([...entries].sort(), provider, { sourceMaps: true })).files.get(entry)
  if (!bundle || !mapped) throw new Error(`${entry} has no bundle`)
  const maps = new Map(
    [...mapped.values()].map(codeAndMap).map(([code, map]): [string, SourceMap] => [withoutHashes(code), map]),
  )
  return {
    hash: bundle.hash,
    placeOf: (file, line, column) => {
      const origin = maps
        .get(withoutHashes(readFileSync(join(bundle.directory, file), 'utf8')))
        ?.findOrigin(line, column)
      if (!origin || !('fileName' in origin)) return undefined
      const path = pathOf(origin.fileName)
      return path && `${path}:${origin.lineNumber}:${origin.columnNumber}`
    },
  }
}
