import { now } from '../../../../shared/runtime/clock.ts'
import { onSchedule } from '../../../../shared/runtime/consume.ts'
import { forEachId } from '../../../../shared/runtime/for-each-id.ts'
import { count } from '../../../../shared/runtime/observability.ts'
import { retryOnConflict } from '../../../../shared/runtime/retry-on-conflict.ts'
import { metrics, schedules } from '../../contract.ts'
import * as parts from '../../parts.ts'
import { due, isOverdue } from '../domain.ts'

/** Erasures of each partition in one run; the next run comes a minute later. */
const erasuresPerPartition = 50

/** The index may show an erasure that has moved on since: it is looked at itself. */
export const handler = onSchedule(
  schedules.pursueErasures,
  { erasures: parts.erasures },
  async function pursueErasures({ erasures }) {
    await forEachId(await erasures.listDue(erasuresPerPartition), async (erasureId) => {
      await retryOnConflict(async () => {
        const erasure = await erasures.get(erasureId)
        const step = erasure && due(erasure, now())
        if (!step) return true
        if (isOverdue(erasure, now())) count(metrics.erasuresOverdue)
        return erasures.save(step)
      })
    })
  },
)
