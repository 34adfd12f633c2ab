/** Stands in for shared/runtime/clock.ts: the virtual clock, and ids and randomness from the seed. */
import type { NewId } from '../../../../../shared/domain/ids.ts'
import type { Now, Random, Sleep } from '../../../../../shared/runtime/clock.ts'
import { bitsOf, ulidOf } from '../decide.ts'
import { numbered, theInvocation } from '../invocation.ts'

export const now: Now = () => {
  const { run, skewMs } = theInvocation()
  return Math.floor(run.nowMs + skewMs)
}

export const newId: NewId = (prefix) => {
  const invocation = theInvocation()
  const name = `${invocation.name} ${prefix} ${numbered(invocation, 'id')}`
  return `${prefix}_${ulidOf(invocation.run.seed, name, now())}`
}

export const random: Random = () => {
  const invocation = theInvocation()
  return invocation.run.chance(`${invocation.name} random ${numbered(invocation, 'random')}`)
}

export const randomHex = (bytes: number): string => {
  const invocation = theInvocation()
  const name = `${invocation.name} hex ${numbered(invocation, 'hex')}`
  let text = ''
  for (let part = 0; text.length < bytes * 2; part += 1)
    text += bitsOf(invocation.run.seed, `${name} ${part}`).toString(16).padStart(8, '0')
  return text.slice(0, bytes * 2)
}

export const sleep: Sleep = (milliseconds) => theInvocation().run.sleep(milliseconds)

export const isoTime = (milliseconds: number): string => new Date(milliseconds).toISOString()
