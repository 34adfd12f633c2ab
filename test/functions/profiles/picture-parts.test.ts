import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { pictureIn } from '../../../functions/profiles/pictures/domain.ts'
import { fc } from '../../support/property.ts'
import { jpeg, jpegSegment, png, pngChunk, webp, webpChunk } from './pictures.ts'

const secret = Buffer.from('53.5413 N, 9.9841 E, camera 4711')
const show = (bytes: Buffer): string => pictureIn(bytes)?.bytes.toString('hex') ?? 'no picture'
const pixels = webpChunk('VP8L', Buffer.from([0x2f, 0, 0, 0]))
const flagged = (flags: number) => webpChunk('VP8X', Buffer.from([flags, 0, 0, 0, 0, 0, 0, 0, 0, 0]))

/** EXIF with an orientation, between other entries. */
const exif = (orientation: number, isLittle: boolean): Buffer => {
  const bytes = Buffer.alloc(6 + 8 + 2 + 24 + 4)
  bytes.write('Exif\0\0', 'latin1')
  const tiff = bytes.subarray(6)
  const write16 = (value: number, at: number) =>
    isLittle ? tiff.writeUInt16LE(value, at) : tiff.writeUInt16BE(value, at)
  const write32 = (value: number, at: number) =>
    isLittle ? tiff.writeUInt32LE(value, at) : tiff.writeUInt32BE(value, at)
  tiff.write(isLittle ? 'II' : 'MM', 'latin1')
  write16(42, 2)
  write32(8, 4)
  write16(2, 8)
  for (const [index, tag, value] of [
    [0, 0x10f, 0],
    [1, 0x112, orientation],
  ] as const) {
    write16(tag, 10 + index * 12)
    write16(3, 12 + index * 12)
    write32(1, 14 + index * 12)
    write16(value, 18 + index * 12)
  }
  return Buffer.concat([bytes, secret])
}

describe('what is kept of a picture', () => {
  test('a plain one stays as it is, byte by byte', () => {
    for (const plain of [png(), jpeg(), webp()]) assert.equal(show(plain), plain.toString('hex'))
  })

  test('not where it was taken, nor what was written into it or appended to it', () => {
    for (const [loaded, plain] of [
      [png(pngChunk('eXIf', secret), pngChunk('tEXt', secret), pngChunk('prVt', secret)), png()],
      [Buffer.concat([png(), secret]), png()],
      [jpeg(jpegSegment(0xe1, secret), jpegSegment(0xed, secret), jpegSegment(0xfe, secret)), jpeg()],
      [jpeg(jpegSegment(0xe2, Buffer.concat([Buffer.from('MPF\0'), secret]))), jpeg()],
      [Buffer.concat([jpeg(), jpeg(jpegSegment(0xe1, secret))]), jpeg()],
      [webp(flagged(0x1c), pixels, webpChunk('EXIF', secret), webpChunk('XMP ', secret)), webp(flagged(0x10), pixels)],
      [Buffer.concat([webp(), secret]), webp()],
    ] as const)
      assert.equal(show(loaded), plain.toString('hex'))
  })

  test('colours', () => {
    const profile = jpegSegment(0xe2, Buffer.from('ICC_PROFILE\0\x01\x01…', 'latin1'))
    const adobe = jpegSegment(0xee, Buffer.from('Adobe', 'latin1'))
    for (const coloured of [
      jpeg(profile, adobe),
      png(pngChunk('iCCP', Buffer.from('x')), pngChunk('gAMA', Buffer.alloc(4))),
      webp(flagged(0x20), webpChunk('ICCP', Buffer.from('x')), pixels),
    ])
      assert.equal(show(coloured), coloured.toString('hex'))
  })

  test('which side is up, and nothing else of EXIF', () => {
    for (const isLittle of [true, false]) {
      const clean = pictureIn(jpeg(jpegSegment(0xe1, exif(6, isLittle))))?.bytes ?? Buffer.alloc(0)
      assert.ok(!clean.includes(secret))
      assert.equal(clean.length, jpeg().length + 36)
      assert.equal(show(clean), clean.toString('hex'), 'read again, it says the same')
      assert.ok(clean.includes(Buffer.from([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6])))
    }
    for (const nonsense of [0, 1, 9, 65535])
      assert.equal(show(jpeg(jpegSegment(0xe1, exif(nonsense, true)))), show(jpeg()))
  })

  test('one of more pixels than anybody should make room for is none, in whichever format it says so', () => {
    const ihdr = (width: number, height: number) => {
      const whole = png()
      whole.writeUInt32BE(width, 16)
      whole.writeUInt32BE(height, 20)
      return whole
    }
    const fctl = (width: number, height: number) => {
      const content = Buffer.alloc(26)
      content.writeUInt32BE(width, 4)
      content.writeUInt32BE(height, 8)
      return png(pngChunk('fcTL', content))
    }
    const frame = (marker: number) => (width: number, height: number) => {
      const content = Buffer.from([8, 0, 0, 0, 0, 1, 1, 0x11, 0])
      content.writeUInt16BE(height, 1)
      content.writeUInt16BE(width, 3)
      return jpeg(jpegSegment(marker, content))
    }
    const canvas = (width: number, height: number) => {
      const content = Buffer.alloc(10)
      content.writeUIntLE(width - 1, 4, 3)
      content.writeUIntLE(height - 1, 7, 3)
      return webp(webpChunk('VP8X', content), pixels)
    }
    const lossless = (width: number, height: number) => {
      const content = Buffer.from([0x2f, 0, 0, 0, 0])
      content.writeUInt32LE(((width - 1) | ((height - 1) << 14)) >>> 0, 1)
      return webp(webpChunk('VP8L', content))
    }
    const lossy = (width: number, height: number) => {
      const content = Buffer.from([0, 0, 0, 0x9d, 0x01, 0x2a, 0, 0, 0, 0])
      content.writeUInt16LE(width, 6)
      content.writeUInt16LE(height, 8)
      return webp(webpChunk('VP8 ', content))
    }
    for (const made of [ihdr, fctl, frame(0xc0), frame(0xc2), frame(0xcf), canvas, lossless, lossy]) {
      assert.ok(pictureIn(made(5_000, 5_000)), 'as many pixels as may be')
      assert.equal(pictureIn(made(5_001, 5_000)), undefined)
      assert.equal(pictureIn(made(10_001, 1)), undefined)
      assert.ok(pictureIn(made(10_000, 1)))
    }
    for (const made of [ihdr, fctl, frame(0xc0)]) {
      assert.equal(pictureIn(made(65_535, 65_535)), undefined)
      assert.equal(pictureIn(made(0, 100)), undefined)
    }
  })

  test('a picture cut short, or none but its first bytes, is none', () => {
    for (const whole of [png(), jpeg(), webp()])
      for (let length = 0; length < whole.length; length += 1)
        assert.equal(pictureIn(whole.subarray(0, length)), undefined, String(length))
    assert.equal(pictureIn(webp(webpChunk('EXIF', secret))), undefined)
  })

  test('whatever follows the first bytes, there is an answer, and cleaning it again changes nothing', () => {
    const beginning = fc.constantFrom(
      '89504e470d0a1a0a',
      'ffd8ff',
      '52494646100000005745425056503820',
      'ffd8ffe10020457869660000',
    )
    fc.assert(
      fc.property(beginning, fc.uint8Array({ maxLength: 80 }), (hex, rest) => {
        const once = pictureIn(Buffer.concat([Buffer.from(hex, 'hex'), rest]))
        return once === undefined || show(once.bytes) === once.bytes.toString('hex')
      }),
      { numRuns: 500 },
    )
  })
})
