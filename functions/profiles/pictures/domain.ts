/** Pictures of people: which bytes are one, what it is called, and the one of those who have none. Pure but for the hash. */
import { createHash } from 'node:crypto'
import { cleaned } from './segments.ts'
import { type Size, sizesIn } from './size.ts'

export const pictureLimits = {
  maxBytes: 2 * 1024 * 1024,
  uploadSeconds: 10 * 60,
  maxSide: 10_000,
  maxPixels: 25_000_000,
} as const

/** What may be uploaded, with the ending of its name. */
const kinds = { png: 'image/png', jpg: 'image/jpeg', webp: 'image/webp' } as const
type Kind = keyof typeof kinds

const beginsWith = (bytes: Uint8Array, signature: readonly number[], at = 0): boolean =>
  bytes.length > at + signature.length && signature.every((byte, index) => bytes[at + index] === byte)

const ascii = (text: string): number[] => [...text].map((character) => character.charCodeAt(0))

/** By what the bytes begin with, whatever their sender calls them (PNG 3, JPEG T.81, RFC 9649). */
const kindOf = (bytes: Uint8Array): Kind | undefined => {
  if (beginsWith(bytes, [0x89, ...ascii('PNG\r\n'), 0x1a, 0x0a])) return 'png'
  if (beginsWith(bytes, [0xff, 0xd8, 0xff])) return 'jpg'
  return beginsWith(bytes, ascii('RIFF')) && beginsWith(bytes, ascii('WEBP'), 8) ? 'webp' : undefined
}

const isShowable = ({ width, height }: Size): boolean =>
  width > 0 &&
  height > 0 &&
  Math.max(width, height) <= pictureLimits.maxSide &&
  width * height <= pictureLimits.maxPixels

/** The picture in these bytes, if they are one, and no more: not where it was taken, nor what was appended. */
export const pictureIn = (bytes: Buffer): { kind: Kind; bytes: Buffer } | undefined => {
  const kind = kindOf(bytes)
  const picture = kind && cleaned[kind](bytes)
  return kind && picture && sizesIn[kind](picture).every(isShowable) ? { kind, bytes: picture } : undefined
}

/** Follows from a picture's name, which has one of these endings. */
export const contentTypeOf = (name: string): string => {
  const kind = Object.entries(kinds).find(([ending]) => name.endsWith(`.${ending}`))
  return kind?.[1] ?? 'application/octet-stream'
}

/** Nobody finds one of these who does not know the upload's 128 random bits; nor do they tell whose it is. */
const secretName = (purpose: string, userId: string, uploadId: string): string =>
  createHash('sha256').update(`${purpose}\n${userId}\n${uploadId}`).digest('base64url')

/** Where an upload lies. It is its owner's alone, since another would look elsewhere. */
export const uploadKeyOf = (userId: string, uploadId: string): string =>
  `incoming/${secretName('upload', userId, uploadId)}`

/** Under what an upload is shown. The same upload gives the same name, so that repeating leads nowhere else. */
export const pictureNameOf = (userId: string, uploadId: string, kind: Kind): string =>
  `${secretName('picture', userId, uploadId)}.${kind}`

export const isPictureOf = (name: string | undefined, userId: string, uploadId: string): boolean =>
  name?.startsWith(`${secretName('picture', userId, uploadId)}.`) ?? false

export const pictureKeyOf = (name: string): string => `avatars/${name}`

export const defaultPictureName = 'default.svg'

export const defaultPicture =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96"><rect width="96" height="96" fill="#d5dde3"/>' +
  '<circle cx="48" cy="37" r="17" fill="#8798a5"/><path d="M14 96c2-22 16-33 34-33s32 11 34 33z" fill="#8798a5"/></svg>'
