import { join } from 'node:path'
import { readDenials } from '../iam/iam.ts'
import { type JsonObject, listOf, numberOf, objectOf, textOf } from '../template/json.ts'
import type { Template } from '../template/template.ts'
import { type Cors, createCors } from './cors.ts'
import { type Objects, openObjects, type StoredObject } from './objects.ts'

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

/** S3 counts the days from the object's last write, and rounds up to the next midnight UTC. */
const expiryRules = (properties: JsonObject): Bucket['isExpired'] => {
  const rules = listOf(objectOf(properties.LifecycleConfiguration).Rules)
    .map(objectOf)
    .filter((rule) => rule.Status === 'Enabled' && rule.ExpirationInDays !== undefined)
    .map((rule) => ({ prefix: textOf(rule.Prefix), afterMs: numberOf(rule.ExpirationInDays, 0) * dayMs }))
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
  const policies = template.ofType('AWS::S3::BucketPolicy')
  return template.ofType('AWS::S3::Bucket').map(({ stack, logicalId, name, properties, attribute }) => ({
    name,
    arn: attribute('Arn'),
    objects: openObjects(join(directory, name)),
    cors: createCors(objectOf(properties.CorsConfiguration).CorsRules, alsoAllowsOrigin),
    denies: readDenials(
      policies
        .filter((policy) => policy.properties.Bucket === name)
        .map((policy) => policy.properties.PolicyDocument ?? null),
      `stack ${stack}, resource ${logicalId} (AWS::S3::Bucket)`,
    ),
    isExpired: expiryRules(properties),
  }))
}
