/**
 * Takes pictures apart and puts together only what is needed to show them: where and by what they were taken, thumbnails,
 * comments, and whatever was appended stay out. Pixels are not decoded. Pure.
 */

/** A part of a picture, with its head and tail, as it stands in the file. */
export type Part = { type: string; whole: Buffer; content: Buffer }

const ascii = (bytes: Buffer, from: number, to: number): string => bytes.toString('latin1', from, to)

const neededPng = new Set('IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT bKGD pHYs cICP acTL fcTL fdAT'.split(' '))

/** PNG 3, 5.3: length, type, content, CRC. @returns undefined where it does not end in IEND */
export const pngParts = (bytes: Buffer): Part[] | undefined => {
  const parts: Part[] = []
  for (let at = 8; at + 12 <= bytes.length; ) {
    const end = at + 12 + bytes.readUInt32BE(at)
    if (end > bytes.length) return undefined
    const type = ascii(bytes, at + 4, at + 8)
    parts.push({ type, whole: bytes.subarray(at, end), content: bytes.subarray(at + 8, end - 4) })
    if (type === 'IEND') return parts
    at = end
  }
  return undefined
}

const cleanPng = (bytes: Buffer): Buffer | undefined => {
  const parts = pngParts(bytes)
  if (parts?.[0]?.type !== 'IHDR' || !parts.some(({ type }) => type === 'IDAT')) return undefined
  const needed = parts.filter(({ type }) => neededPng.has(type)).map(({ whole }) => whole)
  return Buffer.concat([bytes.subarray(0, 8), ...needed])
}

const neededWebp = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP'])
/** In the flags of VP8X: that there is EXIF, that there is XMP. */
const metadataFlags = 0x08 | 0x04

/** RFC 9649, 2.3: type, length, content, and a byte more where that is odd. */
export const webpParts = (bytes: Buffer): Part[] | undefined => {
  const last = 8 + bytes.readUInt32LE(4)
  if (last > bytes.length) return undefined
  const parts: Part[] = []
  for (let at = 12; at + 8 <= last; ) {
    const length = bytes.readUInt32LE(at + 4)
    const end = at + 8 + length + (length % 2)
    if (end > last) return undefined
    const content = bytes.subarray(at + 8, at + 8 + length)
    parts.push({ type: ascii(bytes, at, at + 4), whole: bytes.subarray(at, end), content })
    at = end
  }
  return parts
}

const withoutFlags = ({ type, whole }: Part): Buffer => {
  if (type !== 'VP8X' || whole.length < 9) return whole
  const copy = Buffer.from(whole)
  copy.writeUInt8(copy.readUInt8(8) & ~metadataFlags, 8)
  return copy
}

const cleanWebp = (bytes: Buffer): Buffer | undefined => {
  const needed = webpParts(bytes)?.filter(({ type }) => neededWebp.has(type)) ?? []
  if (!needed.some(({ type }) => /^(VP8 |VP8L|ANMF)$/.test(type))) return undefined
  const content = Buffer.concat(needed.map(withoutFlags))
  const head = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1')
  head.writeUInt32LE(content.length + 4, 4)
  return Buffer.concat([head, content])
}

/** Markers of JPEG (T.81, table B.1). */
const [startOfScan, endOfImage, application1] = [0xda, 0xd9, 0xe1]
const isNumbered = (marker: number): boolean => marker >= 0xd0 && marker <= 0xd7

/** Where the next marker stands after coded pixels, in which FF is followed by 00 or a restart marker. */
const endOfScan = (bytes: Buffer, from: number): number => {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const marker = bytes[at + 1] ?? 0
    if (marker !== 0 && marker !== 0xff && !isNumbered(marker)) return at
  }
  return bytes.length
}

/** @returns the segments between start and end of image; undefined where there is no end */
export const jpegParts = (bytes: Buffer): Part[] | undefined => {
  const parts: Part[] = []
  for (let at = 2; at + 2 <= bytes.length; ) {
    const marker = bytes.readUInt8(at + 1)
    if (bytes.readUInt8(at) !== 0xff) return undefined
    if (marker === endOfImage) return parts
    // Any marker may be preceded by more of its first byte.
    if (marker === 0xff) at += 1
    if (marker === 0xff) continue
    if (at + 4 > bytes.length) return undefined
    const end = at + 2 + bytes.readUInt16BE(at + 2)
    if (end > bytes.length) return undefined
    const next = marker === startOfScan ? endOfScan(bytes, end) : end
    parts.push({ type: marker.toString(16), whole: bytes.subarray(at, next), content: bytes.subarray(at + 4, end) })
    at = next
  }
  return undefined
}

/** Which side is up, in the first directory of EXIF (a TIFF file): tag 0x112, 2 to 8. */
const orientationIn = (exif: Buffer): number | undefined => {
  if (exif.length < 14 || ascii(exif, 0, 6) !== 'Exif\0\0') return undefined
  const tiff = exif.subarray(6)
  const isLittle = ascii(tiff, 0, 2) === 'II'
  const read16 = (at: number) => (isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at))
  const first = isLittle ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4)
  if (first + 2 > tiff.length) return undefined
  const entries = Math.min(read16(first), Math.floor((tiff.length - first - 2) / 12))
  for (let entry = 0; entry < entries; entry += 1) {
    const at = first + 2 + entry * 12
    if (read16(at) === 0x112) return read16(at + 8)
  }
  return undefined
}

/** EXIF that says nothing but which side is up. */
const orientationPart = (orientation: number): Buffer =>
  Buffer.concat([
    Buffer.from([0xff, application1, 0, 34]),
    Buffer.from('Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0', 'latin1'),
    Buffer.from([orientation, 0, 0, 0, 0, 0, 0]),
  ])

/** JFIF, the colour profile, how colours are coded, and all that is no application's; of EXIF, which side is up. */
const neededOfJpeg = ({ type, whole, content }: Part): readonly Buffer[] => {
  const orientation = type === 'e1' ? orientationIn(content) : undefined
  if (orientation !== undefined && orientation >= 2 && orientation <= 8) return [orientationPart(orientation)]
  const isProfile = type === 'e2' && ascii(content, 0, 12) === 'ICC_PROFILE\0'
  const isNeeded = isProfile || type === 'e0' || type === 'ee' || !/^(e.|fe)$/.test(type)
  return isNeeded ? [whole] : []
}

const cleanJpeg = (bytes: Buffer): Buffer | undefined => {
  const parts = jpegParts(bytes)
  if (!parts?.some(({ type }) => type === 'da')) return undefined
  return Buffer.concat([bytes.subarray(0, 2), ...parts.flatMap(neededOfJpeg), Buffer.from([0xff, endOfImage])])
}

/** @returns undefined for what is no whole picture of its kind */
export const cleaned = { png: cleanPng, jpg: cleanJpeg, webp: cleanWebp } as const
