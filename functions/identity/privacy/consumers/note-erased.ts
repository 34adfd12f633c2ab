import { newId, now } from '../../../../shared/runtime/clock.ts'
import { type Consume, consume } from '../../../../shared/runtime/consume.ts'
import { repeated } from '../../../../shared/runtime/repeated.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { consumers } from '../../contract.ts'
import { finished } from '../domain.ts'
import { type ErasuresTable, erasuresTable } from '../table.ts'

type Dependencies = { erasures: Pick<ErasuresTable, 'get' | 'save'> }

/** An erasure is written before anyone hears of it; one that is not there was kept for its three years. */
export const noteErased =
  ({ erasures }: Dependencies): Consume<typeof consumers.noteErased> =>
  async ({ time, data: { erasureId, service } }) => {
    await repeated(async () => {
      const erasure = await erasures.get(erasureId)
      const step = erasure && finished(erasure, service, Date.parse(time))
      return step ? erasures.save(step) : true
    })
  }

export const handler = consume(consumers.noteErased, () =>
  noteErased({ erasures: erasuresTable({ table: openTable(), now, newId }) }),
)
