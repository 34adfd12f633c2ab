/** A bucket for functions under test: the local cloud's S3 over a folder of its own, for one caller who may do everything. */
import { mkdtempSync, rmSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../cdk/local/clock.ts'
import type { AccessKey } from '../../cdk/local/iam/access-keys.ts'
import { createCors } from '../../cdk/local/s3/cors.ts'
import { type Objects, openObjects } from '../../cdk/local/s3/objects.ts'
import { createS3 } from '../../cdk/local/s3/s3.ts'

export const testBucket = 'test-bucket'

/** With which the functions under test sign. */
export const testCredentials = { accessKeyId: 'test', secretAccessKey: 'test' }

export type TestBucket = { objects: Objects; handle: RequestListener; stop(): void }

export const openTestBucket = (): TestBucket => {
  const directory = mkdtempSync(join(tmpdir(), 'test-bucket-'))
  const objects = openObjects(directory)
  const bucket = {
    name: testBucket,
    arn: `arn:aws:s3:::${testBucket}`,
    objects,
    cors: createCors([], () => false),
    denies: () => false,
    isExpired: () => false,
  }
  const key: AccessKey = { caller: { kind: 'operator' }, secretKey: testCredentials.secretAccessKey }
  const { handle, stop } = createS3([bucket], {
    accessKeys: new Map([[testCredentials.accessKeyId, key]]),
    iam: { refusal: () => undefined },
    clock: systemClock,
    region: 'eu-central-1',
    log: (line) => console.error(line),
  })
  return {
    objects,
    handle,
    stop() {
      stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
