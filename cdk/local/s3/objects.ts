/** Keeps objects as files, each written aside and renamed: whole also after a `kill -9`. */
import { createHash, randomUUID } from 'node:crypto'
import { closeSync, mkdirSync, openSync, readdirSync, readSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StartError } from '../start-error.ts'
import { parseObject } from '../template/json.ts'

export type StoredObject = {
  key: string
  contentType: string
  /** Bytes. */
  size: number
  /** With its quotation marks. */
  etag: string
  lastModifiedMs: number
}

/** The objects of one bucket. */
export type Objects = {
  find(key: string): StoredObject | undefined
  /** Bytes from `first` on; at most `length`. */
  read(key: string, first: number, length: number): Buffer
  write(object: { key: string; contentType: string; bytes: Buffer; atMs: number }): StoredObject
  remove(key: string): void
  all(): StoredObject[]
}

/** Keys may hold what file names may not. */
const fileOf = (key: string): string => createHash('sha256').update(key).digest('hex')

/** Far above what a key (1024 bytes) and a content type can take as JSON. */
const headLimitBytes = 32 * 1024

/** A file holds one object: a line of JSON that tells about it, then its bytes. */
const readHead = (file: string): StoredObject & { offset: number } => {
  const descriptor = openSync(file, 'r')
  try {
    const start = Buffer.alloc(headLimitBytes)
    const length = readSync(descriptor, start, 0, headLimitBytes, 0)
    const end = start.subarray(0, length).indexOf('\n')
    const { key, contentType, size, etag, lastModifiedMs } =
      parseObject(start.toString('utf8', 0, Math.max(end, 0))) ?? {}
    if (
      typeof key !== 'string' ||
      typeof contentType !== 'string' ||
      typeof size !== 'number' ||
      typeof etag !== 'string' ||
      typeof lastModifiedMs !== 'number'
    )
      throw new StartError(`${file} is no object of the local S3; start afresh with --fresh`)
    return { key, contentType, size, etag, lastModifiedMs, offset: end + 1 }
  } finally {
    closeSync(descriptor)
  }
}

/**
 * Opens the folder of a bucket. An object is written beside its place and then renamed into it, so at any moment, even
 * that of a `kill -9`, there is the old one or the new one, whole.
 */
export const openObjects = (directory: string): Objects => {
  mkdirSync(directory, { recursive: true })
  const objects = new Map<string, StoredObject & { offset: number }>()
  for (const name of readdirSync(directory)) {
    // A write that did not come to its end.
    if (name.endsWith('.new')) rmSync(join(directory, name))
    else {
      const head = readHead(join(directory, name))
      objects.set(head.key, head)
    }
  }
  const pathOf = (key: string): string => join(directory, fileOf(key))

  return {
    find: (key) => objects.get(key),
    read(key, first, length) {
      const found = objects.get(key)
      if (found === undefined) throw new Error(`there is no object ${key}`)
      const bytes = Buffer.alloc(Math.min(length, found.size - first))
      const descriptor = openSync(pathOf(key), 'r')
      try {
        readSync(descriptor, bytes, 0, bytes.length, found.offset + first)
      } finally {
        closeSync(descriptor)
      }
      return bytes
    },
    write({ key, contentType, bytes, atMs }) {
      const etag = `"${createHash('md5').update(bytes).digest('hex')}"`
      const object: StoredObject = { key, contentType, size: bytes.length, etag, lastModifiedMs: atMs }
      const head = Buffer.from(`${JSON.stringify(object)}\n`)
      const half = join(directory, `${randomUUID()}.new`)
      writeFileSync(half, Buffer.concat([head, bytes]))
      renameSync(half, pathOf(key))
      objects.set(key, { ...object, offset: head.length })
      return object
    },
    remove(key) {
      rmSync(pathOf(key), { force: true })
      objects.delete(key)
    },
    all: () => [...objects.values()],
  }
}
