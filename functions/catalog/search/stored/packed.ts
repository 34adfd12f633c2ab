/** Items of segments, packed: a text that a search reads whole, as few bytes as it can be. */
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'
import * as z from 'zod/mini'
import type { Key } from '../../../../shared/runtime/table.ts'

/** How items are written. Those of another format count as empty, until a rebuild writes them anew. */
export const format = 1

const Packed = z.object({ sk: z.string(), format: z.int(), revision: z.int(), content: z.instanceof(Uint8Array) })

/** From this quality on, brotli finds what packs an index: a sixth less than deflate, at some milliseconds an item. */
const packing = { [constants.BROTLI_PARAM_QUALITY]: 10 }

/** @param revision how often the segment has been written, this time included */
export const packedItem = (key: Key, revision: number, text: string) => ({
  ...key,
  format,
  revision,
  content: new Uint8Array(brotliCompressSync(text, { params: packing })),
})

export type Packed = { segment: number; revision: number; content: Uint8Array | undefined }

/** @returns without content what is of another format */
export const parsePacked = (item: unknown): Packed => {
  const { sk, revision, content, ...packed } = Packed.parse(item)
  return { segment: Number(sk), revision, content: packed.format === format ? content : undefined }
}

export const unpacked = (content: Uint8Array): string => brotliDecompressSync(content).toString()
