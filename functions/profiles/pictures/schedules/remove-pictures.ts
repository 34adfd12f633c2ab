import { onSchedule } from '../../../../shared/runtime/consume.ts'
import { forEachId } from '../../../../shared/runtime/for-each-id.ts'
import { schedules } from '../../contract.ts'
import * as parts from '../../parts.ts'
import { pictureKeyOf } from '../domain.ts'

/** Of each of the four partitions in one run; the next run comes a quarter of an hour later. */
const picturesPerPartition = 100

/** Decided first, so that nobody chooses what is being removed; forgotten last, so that a run that ends in between comes again. */
export const handler = onSchedule(
  schedules.removePictures,
  { pictures: parts.pictures, store: parts.store },
  async function removePictures({ pictures, store }) {
    const due = await pictures.listDue(picturesPerPartition)
    const byName = new Map(due.map((picture) => [picture.name, picture]))
    await forEachId([...byName.keys()], async (name) => {
      const picture = byName.get(name)
      if (!picture || !(await pictures.giveUp(picture))) return
      await store.remove(pictureKeyOf(name))
      await pictures.forget(picture)
    })
  },
)
