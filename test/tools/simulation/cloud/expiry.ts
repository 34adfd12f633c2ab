/** Items whose time is over are deleted, as DynamoDB does it: some at once, some hours and up to two days late. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { createAgenda } from '../world/agenda.ts'
import type { RunContext } from '../world/run-context.ts'
import type { Write } from './model/model.ts'

const hour = 60 * 60_000
const lateMs = [0, 60_000, 6 * hour, 48 * hour] as const

export type Expiry = {
  onWrite(write: Write): void
  /** Deletes what is due. It waits for somebody to look: nothing of it keeps the run going. */
  sweep(): Promise<void>
}

/** @param remove deletes an item, if this is still its time */
export const createExpiry = (
  run: RunContext,
  remove: (table: string, key: Write['key'], expiresAt: AttributeValue) => Promise<void>,
): Expiry => {
  const due = createAgenda()
  return {
    onWrite({ table, key, after }) {
      const expiresAt = after?.expiresAt
      if (expiresAt?.N === undefined) return
      const late = run.pick(`deleted late ${table} ${key.pk} ${key.sk}`, lateMs)
      due.add(Number(expiresAt.N) * 1000 + late, () => remove(table, key, expiresAt))
    },
    async sweep() {
      for (let at = due.peek(); at !== undefined && at <= run.nowMs; at = due.peek()) await due.next()?.work()
    },
  }
}
