/** Physical names and ARNs: they depend on the template alone, on nothing that happens at run time. */
import { createHash } from 'node:crypto'
import { type JsonObject, textOf } from './json.ts'

/** What a resource's own identity is made from. Names and ARNs depend on nothing that happens at run time. */
export type Identity = {
  stack: string
  logicalId: string
  properties: JsonObject
  region: string
  account: string
  /** The id of an HTTP API, and where it is reached. */
  apiId: (stack: string, logicalId: string) => string
  apiUrl: (stack: string, logicalId: string) => string
  /** Where the AWS APIs are reached. */
  awsEndpoint: string
}

export const hash = (identity: Identity, length: number): string =>
  createHash('sha256').update(`${identity.stack}/${identity.logicalId}`).digest('hex').slice(0, length)

export const named =
  (property: string, longest: number) =>
  (identity: Identity): string =>
    textOf(identity.properties[property]) || `${identity.stack}-${identity.logicalId}`.slice(-longest)

export const arn = (service: string, resource: (identity: Identity) => string) => (identity: Identity) =>
  `arn:aws:${service}:${service === 'iam' ? '' : identity.region}:${identity.account}:${resource(identity)}`

// Logical ids are unique within a stack only.
export const byLogicalId = ({ stack, logicalId }: Identity): string => `${stack}-${logicalId}`
export const apiId = (i: Identity): string => i.apiId(i.stack, i.logicalId)
export const tableName = named('TableName', 255)
export const functionName = named('FunctionName', 64)
export const queueName = named('QueueName', 80)
export const roleName = named('RoleName', 64)
export const ruleName = named('Name', 64)
export const secretArn = arn('secretsmanager', (i) => `secret:${named('Name', 200)(i)}-${hash(i, 6)}`)
export const keyId = (i: Identity) =>
  hash(i, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, (_, ...parts: string[]) => parts.slice(0, 5).join('-'))
/** Host names are made of it, so it is in lower case. */
export const bucketName = (i: Identity): string =>
  named(
    'BucketName',
    63,
  )(i)
    .toLowerCase()
    .replace(/^[^a-z0-9]+/, '')
export const logGroupName = named('LogGroupName', 512)
export const busOf = (i: Identity) => textOf(i.properties.EventBusName, 'default').split('/').at(-1) ?? 'default'
