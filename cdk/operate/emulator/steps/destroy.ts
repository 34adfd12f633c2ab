/** Takes the shop off an emulator, and looks whether all of it is gone. */
import { setTimeout as sleep } from 'node:timers/promises'
import { DeleteObjectsCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3'
import { styled, withProgress } from '../../command-line/console.ts'
import { CannotError } from '../../dead-letters/cannot-error.ts'
import { cdklocal } from '../cdklocal.ts'
import { leftovers } from '../leftovers.ts'
import { type Resource, resourcesOf } from '../stacks.ts'
import { clientSettings, type Emulator, openEmulator } from '../which.ts'

/** Looks, a second apart: what was deleted may be listed a moment longer. */
const looks = 10

const waitUntilGone = async (emulator: Emulator, before: readonly Resource[]): Promise<void> => {
  let left: Resource[] = []
  for (let look = 0; look < looks; look += 1) {
    left = await leftovers(emulator, before)
    if (left.length === 0) return
    await sleep(1_000)
  }
  const names = left.map(({ type, id }) => `  ${type} ${id}`).join('\n')
  throw new CannotError(
    `${left.length} of ${before.length} resources are left:\n${names}`,
    'run npm run emulator:destroy again, or start the emulator anew',
  )
}

/** A stack cannot destroy a bucket that holds objects. */
const emptyBuckets = async (emulator: Emulator, resources: readonly Resource[]): Promise<void> => {
  const client = new S3Client({ ...clientSettings(emulator), forcePathStyle: true })
  for (const { id: Bucket } of resources.filter(({ type }) => type === 'AWS::S3::Bucket'))
    for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket }))
      if (Contents.length > 0)
        await client.send(
          new DeleteObjectsCommand({ Bucket, Delete: { Objects: Contents.map(({ Key }) => ({ Key })) } }),
        )
}

/** What CDK needs of an account (`cdk bootstrap`) stays: it is nobody's in particular. */
export const destroy = async (): Promise<void> => {
  const emulator = await openEmulator()
  const before = await resourcesOf(emulator)
  await emptyBuckets(emulator, before)
  await withProgress('destroying all stacks', (show) => cdklocal(emulator, ['destroy', '--all', '--force'], show))
  await withProgress('looking for what is left', () => waitUntilGone(emulator, before))
  console.log(`${styled('green', '✓')} nothing is left of ${before.length} resources`)
}
