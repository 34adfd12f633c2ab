/** Reads every bucket with its rules, and deletes what its lifecycle rules have let expire. */
import { join } from 'node:path'
import type { Clock, Timer } from '../clock.ts'
import { readDenials } from '../iam/iam.ts'
import type { Template } from '../template/template.ts'
import { type Cors, createCors } from './cors.ts'
import { type Objects, openObjects, type StoredObject } from './objects.ts'
import { type BucketProperties, bucketPolicyType, bucketType } from './resources.ts'

export type Bucket = {
  name: string
  arn: string
  objects: Objects
  cors: Cors
  /** Whether the bucket's own policy forbids it to all. */
  denies: (action: string, resource: string) => boolean
  /** Whether the lifecycle rules have an object deleted by that time (milliseconds). */
  isExpired: (object: StoredObject, atMs: number) => boolean
}

const dayMs = 86_400_000
const sweepEveryMs = 3_600_000

/** S3 counts the days from the object's last write, and rounds up to the next midnight UTC. */
const expiryRules = ({ LifecycleConfiguration }: BucketProperties): Bucket['isExpired'] => {
  const rules = (LifecycleConfiguration?.Rules ?? [])
    .filter(({ Status }) => Status === 'Enabled')
    .map(({ Prefix, ExpirationInDays = Number.POSITIVE_INFINITY }) => ({
      prefix: Prefix,
      afterMs: ExpirationInDays * dayMs,
    }))
  return ({ key, lastModifiedMs }, atMs) =>
    rules.some(
      ({ prefix, afterMs }) => key.startsWith(prefix) && atMs >= Math.ceil((lastModifiedMs + afterMs) / dayMs) * dayMs,
    )
}

/** Reads every bucket with its rules and policies, and opens its objects: a folder each. */
export const readBuckets = (
  template: Template,
  directory: string,
  alsoAllowsOrigin: (origin: string) => boolean,
): Bucket[] => {
  const policies = template.ofType(bucketPolicyType).map(({ properties }) => properties)
  return template.ofType(bucketType).map(({ where, name, properties, attribute }) => ({
    name,
    arn: attribute('Arn'),
    objects: openObjects(join(directory, name)),
    cors: createCors(properties.CorsConfiguration?.CorsRules ?? [], alsoAllowsOrigin),
    denies: readDenials(
      policies.filter(({ Bucket }) => Bucket === name).map(({ PolicyDocument }) => PolicyDocument),
      where,
    ),
    isExpired: expiryRules(properties),
  }))
}

/** Deletes, every hour, what the buckets' lifecycle rules have let expire. */
export const startExpiry = (buckets: readonly Bucket[], clock: Clock): Timer => {
  const next = (): Timer =>
    clock.after(sweepEveryMs, () => {
      for (const { objects, isExpired } of buckets)
        for (const object of objects.all()) if (isExpired(object, clock.now())) objects.remove(object.key)
      timer = next()
    })
  let timer = next()
  return { cancel: () => timer.cancel() }
}
