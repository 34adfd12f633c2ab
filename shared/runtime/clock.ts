/** The only place that reads the clock or makes ids; functions are given these, so a simulation can give others. */
import { randomBytes } from 'node:crypto'
import { idMaker, type NewId } from '../domain/ids.ts'

/** Milliseconds since the epoch. */
export type Now = () => number

export type Sleep = (milliseconds: number) => Promise<void>

/** A number in [0, 1), for jitter; never for secrets. */
export type Random = () => number

export const now: Now = () => Date.now()

export const newId: NewId = idMaker(now)

export const random: Random = () => Math.random()

/** So many random bytes in hexadecimal digits. */
export const randomHex = (bytes: number): string => randomBytes(bytes).toString('hex')

export const sleep: Sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** RFC 3339, UTC. */
export const isoTime = (milliseconds: number): string => new Date(milliseconds).toISOString()
