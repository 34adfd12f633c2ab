/** The smallest pictures, byte by byte. */
import { crc32, deflateSync } from 'node:zlib'

const join = (...parts: readonly Uint8Array[]): Buffer => Buffer.concat(parts)
const text = (content: string): Buffer => Buffer.from(content, 'latin1')
const number32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

export const pngChunk = (type: string, content: Uint8Array): Buffer => {
  const named = join(text(type), content)
  return join(number32(content.length), named, number32(crc32(named)))
}

/** One grey pixel. @param more chunks after the header */
export const png = (...more: readonly Buffer[]): Buffer =>
  join(
    text('\x89PNG\r\n\x1a\n'),
    pngChunk('IHDR', join(number32(1), number32(1), Buffer.from([8, 0, 0, 0, 0]))),
    ...more,
    pngChunk('IDAT', deflateSync(Buffer.from([0, 128]))),
    pngChunk('IEND', Buffer.alloc(0)),
  )

export const jpegSegment = (marker: number, content: Uint8Array): Buffer => {
  const head = Buffer.from([0xff, marker, 0, 0])
  head.writeUInt16BE(content.length + 2, 2)
  return join(head, content)
}

/** As far as anyone looks who does not decode it. @param more segments after the first */
export const jpeg = (...more: readonly Buffer[]): Buffer =>
  join(
    Buffer.from([0xff, 0xd8]),
    jpegSegment(0xe0, text('JFIF\0\x01\x01\0\0\x01\0\x01\0\0')),
    ...more,
    jpegSegment(0xda, Buffer.from([1, 1, 0, 0, 63, 0])),
    Buffer.from([0x12, 0xff, 0x00, 0x34, 0xff, 0xd9]),
  )

export const webpChunk = (type: string, content: Uint8Array): Buffer => {
  const length = Buffer.alloc(4)
  length.writeUInt32LE(content.length)
  return join(text(type), length, content, Buffer.alloc(content.length % 2))
}

/** @param chunks instead of the one with the pixels */
export const webp = (...chunks: readonly Buffer[]): Buffer => {
  const content = join(
    text('WEBP'),
    ...(chunks.length > 0 ? chunks : [webpChunk('VP8L', Buffer.from([0x2f, 0, 0, 0]))]),
  )
  const length = Buffer.alloc(4)
  length.writeUInt32LE(content.length)
  return join(text('RIFF'), length, content)
}
