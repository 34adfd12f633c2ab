/**
 * How many pixels a picture says that it has, wherever it says so: whoever shows it makes room for all of them, however few bytes
 * they come in. Pure.
 */
import { jpegParts, type Part, pngParts, webpParts } from './segments.ts'

/** Pixels. */
export type Size = { width: number; height: number }

/** PNG 3, 11.2.1 and 11.3.6.2: the picture's header, and those of its frames. */
const pngSizes = (bytes: Buffer): Size[] =>
  (pngParts(bytes) ?? []).flatMap(({ type, content }) => {
    const at = type === 'IHDR' ? 0 : type === 'fcTL' ? 4 : undefined
    return at === undefined || content.length < at + 8
      ? []
      : [{ width: content.readUInt32BE(at), height: content.readUInt32BE(at + 4) }]
  })

/** Start of frame, of any coding (T.81, table B.1): C0 to CF but for tables and an extension. */
const isFrame = ({ type }: Part): boolean => /^c[0-9abdef]$/.test(type) && type !== 'c4' && type !== 'c8'

const jpegSizes = (bytes: Buffer): Size[] =>
  (jpegParts(bytes) ?? []).flatMap((part) =>
    isFrame(part) && part.content.length >= 5
      ? [{ width: part.content.readUInt16BE(3), height: part.content.readUInt16BE(1) }]
      : [],
  )

/** RFC 9649, 2.7: the canvas and the frames are one more than they say; 2.5 and RFC 6386, 9.1; 3.4. */
const webpSizeOf = ({ type, content }: Part): Size | undefined => {
  const oneMore = (at: number): number => content.readUIntLE(at, 3) + 1
  if (type === 'VP8X' && content.length >= 10) return { width: oneMore(4), height: oneMore(7) }
  if (type === 'ANMF' && content.length >= 12) return { width: oneMore(6), height: oneMore(9) }
  if (type === 'VP8 ' && content.length >= 10)
    return { width: content.readUInt16LE(6) & 0x3fff, height: content.readUInt16LE(8) & 0x3fff }
  if (type !== 'VP8L' || content.length < 5) return undefined
  const bits = content.readUInt32LE(1)
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
}

const webpSizes = (bytes: Buffer): Size[] => (webpParts(bytes) ?? []).flatMap((part) => webpSizeOf(part) ?? [])

/** Every size that a picture of this kind names. */
export const sizesIn = { png: pngSizes, jpg: jpegSizes, webp: webpSizes } as const
