/** The policy of a browser's upload: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html */
import { createHmac } from 'node:crypto'
import type { AccessKey, AccessKeys } from '../iam/access-keys.ts'
import { isObject, type Json, listOf, parseObject, textOf } from '../template/json.ts'
import { accessDenied, S3Error } from './error.ts'

/** A form's fields, their names in lower case; the file is not among them. */
export type Fields = ReadonlyMap<string, string>

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()

const algorithm = 'AWS4-HMAC-SHA256'

/** Checks who signed the policy. @throws S3Error where nobody known did */
export const signerOf = (fields: Fields, accessKeys: AccessKeys, region: string): AccessKey => {
  const field = (name: string) => fields.get(name) ?? ''
  if (!fields.has('policy')) throw accessDenied()
  if (field('x-amz-algorithm') !== algorithm)
    throw new S3Error('InvalidArgument', `The form's X-Amz-Algorithm must be ${algorithm}`)
  const [, id = '', date = '', signedFor = ''] =
    /^([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request$/.exec(field('x-amz-credential')) ?? []
  const key = accessKeys.get(id)
  const given = fields.get('x-amz-security-token')
  if (key === undefined || (key.sessionToken !== undefined && given === undefined))
    throw new S3Error('InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.', 403)
  if (given !== key.sessionToken)
    throw new S3Error('InvalidToken', 'The provided token is malformed or otherwise invalid.')
  if (signedFor !== region)
    throw new S3Error(
      'AuthorizationHeaderMalformed',
      `The authorization header is malformed; the region '${signedFor}' is wrong; expecting '${region}'`,
    )
  const signingKey = [date, region, 's3', 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${key.secretKey}`)
  if (hmac(signingKey, field('policy')).toString('hex') !== field('x-amz-signature'))
    throw new S3Error(
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
      403,
    )
  return key
}

const invalidPolicy = (what: string): S3Error => new S3Error('InvalidPolicyDocument', `Invalid Policy: ${what}`)

type Condition = { operator: string; field: string; value: string } | { least: number; most: number }

const matchOf = (operator: string, field: string, value: Json | undefined): Condition => {
  if (typeof value !== 'string') throw invalidPolicy('a condition compares with text only.')
  return { operator, field: field.toLowerCase(), value }
}

const toConditions = (definition: Json): Condition[] => {
  if (isObject(definition)) return Object.entries(definition).map(([key, value]) => matchOf('eq', key, value))
  const [name, first, second] = listOf(definition)
  const operator = textOf(name).toLowerCase()
  if (operator === 'content-length-range') {
    const [least, most] = [Number(first), Number(second)]
    if (!(least >= 0 && most >= least)) throw invalidPolicy('a content-length-range holds two numbers.')
    return [{ least, most }]
  }
  const field = textOf(first)
  if ((operator !== 'eq' && operator !== 'starts-with') || !field.startsWith('$'))
    throw invalidPolicy(`the condition ${JSON.stringify(definition)} is of no known form.`)
  return [matchOf(operator, field.slice(1), second)]
}

const refuse = (reason: string): S3Error => accessDenied(`Invalid according to Policy: ${reason}`)

/** Fields that a policy need not name. */
const isFree = (field: string): boolean =>
  field === 'policy' || field === 'x-amz-signature' || field.startsWith('x-ignore-')

const checkCondition = (condition: Condition, fields: Fields, sizeBytes: number): void => {
  if ('least' in condition) {
    if (sizeBytes > condition.most)
      throw new S3Error('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', 400, {
        ProposedSize: sizeBytes,
        MaxSizeAllowed: condition.most,
      })
    if (sizeBytes < condition.least)
      throw new S3Error('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', 400, {
        ProposedSize: sizeBytes,
        MinSizeAllowed: condition.least,
      })
    return
  }
  const { operator, field, value } = condition
  const given = fields.get(field) ?? ''
  if (operator === 'eq' ? given !== value : !given.startsWith(value))
    throw refuse(`Policy Condition failed: ${JSON.stringify([operator, `$${field}`, value])}`)
}

/**
 * Holds a form against its own policy.
 * @param upload the bucket is the one in the address, whatever the form says; the time goes by the clock that functions sign by
 * @throws S3Error naming the first thing that does not fit
 */
export const checkPolicy = (
  fields: Fields,
  { bucket, sizeBytes, nowMs }: { bucket: string; sizeBytes: number; nowMs: number },
): void => {
  const policy = parseObject(Buffer.from(fields.get('policy') ?? '', 'base64').toString())
  if (policy === undefined) throw invalidPolicy('Invalid JSON.')
  const expiresMs = Date.parse(textOf(policy.expiration))
  if (Number.isNaN(expiresMs) || !Array.isArray(policy.conditions))
    throw invalidPolicy('it needs an expiration and conditions.')
  if (expiresMs <= nowMs) throw refuse('Policy expired.')
  const conditions = policy.conditions.flatMap(toConditions)
  const named = new Set(conditions.map((condition) => ('field' in condition ? condition.field : '')))
  const extra = [...fields.keys()].filter((field) => !isFree(field) && !named.has(field))
  if (extra.length > 0) throw refuse(`Extra input fields: ${extra.join(', ')}`)
  const known = new Map([...fields, ['bucket', bucket]])
  for (const condition of conditions) checkCondition(condition, known, sizeBytes)
}
