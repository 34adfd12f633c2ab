/** Gives each function an access key of its own, by which its calls are known. */
import { createHash, createHmac, randomBytes } from 'node:crypto'
import { keptValue, type State } from '../state/state.ts'
import type { Caller } from './iam.ts'

/** What an access key stands for. */
export type AccessKey = { caller: Caller; secretKey: string; sessionToken?: string }

/** All access keys, by their ids. */
export type AccessKeys = ReadonlyMap<string, AccessKey>

/** The access key by which a function's calls are known. */
export const accessKeyOf = (functionName: string): string =>
  `AKIA${createHash('sha256').update(functionName).digest('hex').slice(0, 16).toUpperCase()}`

/** Every function here has the same one: calls are told apart by their access key. */
export const sessionToken = 'local'

/** A function's secret key: the same after a restart, so that what it signed before is good still. */
export const secretKeyOf = (state: State, functionName: string): string =>
  createHmac(
    'sha256',
    keptValue(state, 'secret keys', () => randomBytes(32).toString('hex')),
  )
    .update(functionName)
    .digest('base64')

/** The functions' access keys, and `local`, with which tests and tools may do everything. */
export const readAccessKeys = (state: State, functions: readonly { name: string; role: string }[]): AccessKeys =>
  new Map<string, AccessKey>([
    ['local', { caller: { kind: 'operator' }, secretKey: 'local' }],
    ...functions.map(({ name, role }): [string, AccessKey] => [
      accessKeyOf(name),
      { caller: { kind: 'function', functionName: name, role }, secretKey: secretKeyOf(state, name), sessionToken },
    ]),
  ])
