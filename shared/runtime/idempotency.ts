/**
 * `Idempotency-Key` (https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/): the key lives in the
 * service's own table, in the same transaction as the effect. So there is no moment at which one exists without the other.
 */
import { createHash } from 'node:crypto'

/** What makes two requests the same one. */
export type IdempotencyKey = {
  /** Hash of caller, route and key. */
  id: string
  /** Hash of the canonical body. */
  bodyHash: string
}

const keptSeconds = 48 * 60 * 60

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url')

/** JSON with sorted keys (in the spirit of RFC 8785): equal values give equal text. */
export const canonicalJson = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (value !== null && typeof value === 'object')
    return `{${Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`)
      .join(',')}}`
  return JSON.stringify(value) ?? 'null'
}

/** 1 to 255 visible ASCII characters. */
export const isIdempotencyKey = (key: string): boolean => /^[\x21-\x7e]{1,255}$/.test(key)

/** @param target the concrete path, so that one key on two objects is two requests */
export const idempotencyKeyOf = (
  caller: string,
  method: string,
  target: string,
  key: string,
  body: unknown,
): IdempotencyKey => ({
  id: sha256([caller, method, target, key].join('\n')),
  bodyHash: sha256(canonicalJson(body ?? null)),
})

const recordKeyOf = (idempotencyKey: IdempotencyKey) => ({ pk: `idempotency#${idempotencyKey.id}`, sk: 'idempotency' })

/** What the first request with a key did: the hash of its body, and the id of what it made or changed. */
export type Done = { bodyHash: string; resource: string }

export const doneOf = (record: Readonly<Record<string, unknown>> | undefined): Done => ({
  bodyHash: String(record?.bodyHash),
  resource: String(record?.resource),
})

/** Looks for an earlier request with this key. @param get reads an item of the service's table */
export const findDone = async (
  get: (key: { pk: string; sk: string }) => Promise<Record<string, unknown> | undefined>,
  idempotencyKey: IdempotencyKey,
): Promise<Done | undefined> => {
  const record = await get(recordKeyOf(idempotencyKey))
  return record && doneOf(record)
}

/** The record that goes into the effect's transaction. @param resource the id of what the request makes or changes */
export const idempotencyRecord = (idempotencyKey: IdempotencyKey, resource: string, nowMs: number) => ({
  ...recordKeyOf(idempotencyKey),
  bodyHash: idempotencyKey.bodyHash,
  resource,
  expiresAt: Math.floor(nowMs / 1000) + keptSeconds,
})
