/** Signs with keys that are made once and kept, so that tokens stay valid over a restart. */
import {
  constants,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  privateEncrypt,
  sign,
} from 'node:crypto'
import * as z from 'zod/mini'
import type { Call } from '../endpoint/aws-endpoint.ts'
import { AwsError, accessDenied, unknownOperation } from '../endpoint/aws-error.ts'
import { readInput } from '../endpoint/input.ts'
import type { Iam } from '../iam/iam.ts'
import { StartError } from '../start-error.ts'
import { keptValue, type State } from '../state/state.ts'
import type { JsonObject } from '../template/json.ts'
import type { Template } from '../template/template.ts'
import { aliasType, keyType } from './resources.ts'

const algorithm = 'RSASSA_PKCS1_V1_5_SHA_256'

const KeyId = z.string().check(z.minLength(1))
const signInput = z.strictObject({
  KeyId,
  Message: z.string(),
  MessageType: z._default(z.enum(['RAW', 'DIGEST']), 'RAW'),
  SigningAlgorithm: z.literal(algorithm),
})
const publicKeyInput = z.strictObject({ KeyId })

const read = <Schema extends z.core.$ZodType>(schema: Schema, given: JsonObject): z.output<Schema> =>
  readInput(schema, given, { invalid: 'ValidationException', missing: 'ValidationException' })

// DER of DigestInfo for SHA-256 (RFC 8017, 9.2), which stands before a digest that the caller made itself.
const sha256Prefix = Buffer.from('3031300d060960864801650304020105000420', 'hex')

type Key = { arn: string; privateKey: KeyObject; publicKeyDer: string }

/** Signing keys (RSA-2048), made once and kept in the state folder. */
export const createKms = (template: Template, state: State, iam: Iam) => {
  const keys = new Map<string, Key>()
  for (const { name, attribute } of template.ofType(keyType)) {
    const arn = attribute('Arn')
    const pem = keptValue(state, `kms ${arn}`, () =>
      generateKeyPairSync('rsa', { modulusLength: 2048 })
        .privateKey.export({ type: 'pkcs8', format: 'pem' })
        .toString(),
    )
    const privateKey = createPrivateKey(pem)
    const publicKeyDer = createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).toString('base64')
    const key = { arn, privateKey, publicKeyDer }
    keys.set(name, key).set(arn, key)
  }
  for (const { name, properties } of template.ofType(aliasType)) {
    const key = keys.get(properties.TargetKeyId)
    if (key === undefined) throw new StartError(`alias ${name} belongs to a key that does not exist`)
    keys.set(name, key).set(key.arn.replace(/key\/.*/, name), key)
  }

  const signature = (key: Key, { Message, MessageType }: z.output<typeof signInput>): string => {
    const message = Buffer.from(Message, 'base64')
    if (MessageType === 'RAW') {
      if (message.length > 4096) throw new AwsError('ValidationException', 'a RAW message holds at most 4096 bytes')
      return sign('sha256', message, key.privateKey).toString('base64')
    }
    if (message.length !== 32) throw new AwsError('ValidationException', 'Digest is invalid length for algorithm')
    const padding = constants.RSA_PKCS1_PADDING
    return privateEncrypt({ key: key.privateKey, padding }, Buffer.concat([sha256Prefix, message])).toString('base64')
  }

  const permitted = ({ operation, caller }: Call, asked: string): Key => {
    const key = keys.get(asked)
    if (key === undefined) throw new AwsError('NotFoundException', `Key '${asked}' does not exist`)
    const [alias] = /alias\/.+$/.exec(asked) ?? []
    const refusal = iam.refusal(caller, `kms:${operation}`, key.arn, alias ? { 'kms:requestalias': alias } : {})
    if (refusal !== undefined) throw accessDenied(refusal)
    return key
  }

  return (call: Call): JsonObject => {
    switch (call.operation) {
      case 'Sign': {
        const input = read(signInput, call.input)
        const key = permitted(call, input.KeyId)
        return { KeyId: key.arn, Signature: signature(key, input), SigningAlgorithm: algorithm }
      }
      case 'GetPublicKey': {
        const key = permitted(call, read(publicKeyInput, call.input).KeyId)
        return {
          KeyId: key.arn,
          PublicKey: key.publicKeyDer,
          KeySpec: 'RSA_2048',
          CustomerMasterKeySpec: 'RSA_2048',
          KeyUsage: 'SIGN_VERIFY',
          SigningAlgorithms: [algorithm],
        }
      }
      default:
        throw unknownOperation('KMS', call.operation)
    }
  }
}
