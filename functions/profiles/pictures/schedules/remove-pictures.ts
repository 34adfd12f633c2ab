import { type Bucket, bucket } from '../../../../shared/runtime/bucket.ts'
import { newId, now } from '../../../../shared/runtime/clock.ts'
import { onSchedule } from '../../../../shared/runtime/consume.ts'
import { eachOf } from '../../../../shared/runtime/each.ts'
import { setting } from '../../../../shared/runtime/settings.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { schedules } from '../../contract.ts'
import { pictureKeyOf } from '../domain.ts'
import { type PicturesTable, picturesTable } from '../table.ts'

/** Of each of the four partitions in one run; the next run comes a quarter of an hour later. */
const picturesPerPartition = 100

type Dependencies = {
  pictures: Pick<PicturesTable, 'listDue' | 'giveUp' | 'forget'>
  store: Pick<Bucket, 'remove'>
}

/** Decided first, so that nobody chooses what is being removed; forgotten last, so that a run that ends in between comes again. */
export const removePictures =
  ({ pictures, store }: Dependencies) =>
  async (): Promise<void> => {
    const due = await pictures.listDue(picturesPerPartition)
    const byName = new Map(due.map((picture) => [picture.name, picture]))
    await eachOf([...byName.keys()], async (name) => {
      const picture = byName.get(name)
      if (!picture || !(await pictures.giveUp(picture))) return
      await store.remove(pictureKeyOf(name))
      await pictures.forget(picture)
    })
  }

export const handler = onSchedule(schedules.removePictures, () =>
  removePictures({
    pictures: picturesTable({ table: openTable(), now, newId }),
    store: bucket(setting('BUCKET_NAME'), now),
  }),
)
