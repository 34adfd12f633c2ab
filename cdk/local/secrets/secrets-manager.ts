/** Generates secrets once and keeps them, as a deployment does. */
import { randomInt, randomUUID } from 'node:crypto'
import * as z from 'zod/mini'
import type { Call } from '../endpoint/aws-endpoint.ts'
import { AwsError, accessDenied, unknownOperation } from '../endpoint/aws-error.ts'
import { readInput } from '../endpoint/input.ts'
import type { Iam } from '../iam/iam.ts'
import { keptValue, type State } from '../state/state.ts'
import { type JsonObject, parseObject } from '../template/json.ts'
import type { Template } from '../template/template.ts'
import { type SecretRules, secretType } from './resources.ts'

const SecretId = z.string().check(z.minLength(1))
/** A secret has one version here. */
const valueInput = z.strictObject({ SecretId, VersionStage: z.optional(z.literal('AWSCURRENT')) })
const descriptionInput = z.strictObject({ SecretId })

const read = <Schema extends z.core.$ZodType>(schema: Schema, given: JsonObject): z.output<Schema> =>
  readInput(schema, given, { invalid: 'InvalidParameterException', missing: 'InvalidParameterException' })

const pick = (characters: string): string => characters[randomInt(characters.length)] ?? ''

/** A password as `GenerateSecretString` describes it. */
const generate = (rules: SecretRules): string => {
  const kinds = [
    rules.ExcludeLowercase ? '' : 'abcdefghijklmnopqrstuvwxyz',
    rules.ExcludeUppercase ? '' : 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
    rules.ExcludeNumbers ? '' : '0123456789',
    rules.ExcludePunctuation ? '' : '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
    rules.IncludeSpace ? ' ' : '',
  ].map((kind) => [...kind].filter((character) => !rules.ExcludeCharacters.includes(character)).join(''))
  const characters = Array.from({ length: rules.PasswordLength }, () => pick(kinds.join('')))
  // Each kind once, in places of its own.
  if (rules.RequireEachIncludedType) {
    const places = characters.map((_, place) => place)
    for (const kind of kinds.filter((each) => each !== '')) {
      const [place = 0] = places.splice(randomInt(places.length), 1)
      characters[place] = pick(kind)
    }
  }
  const password = characters.join('')
  const key = rules.GenerateStringKey
  return key === undefined ? password : JSON.stringify({ ...parseObject(rules.SecretStringTemplate), [key]: password })
}

/** Secrets, generated once and kept in the state folder. */
export const createSecretsManager = (template: Template, state: State, iam: Iam) => {
  const secrets = new Map<string, { arn: string; name: string; value: string; versionId: string }>()
  for (const { name: arn, properties } of template.ofType(secretType)) {
    const name = arn.replace(/^.*:secret:/, '').replace(/-[^-]*$/, '')
    const value =
      properties.SecretString ?? keptValue(state, `secret ${arn}`, () => generate(properties.GenerateSecretString))
    const secret = { arn, name, value, versionId: keptValue(state, `secret version ${arn}`, randomUUID) }
    secrets.set(arn, secret).set(name, secret)
  }
  const permitted = ({ operation, caller }: Call, asked: string) => {
    const secret = secrets.get(asked)
    if (secret === undefined)
      throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.")
    const refusal = iam.refusal(caller, `secretsmanager:${operation}`, secret.arn)
    if (refusal !== undefined) throw accessDenied(refusal)
    return secret
  }

  return (call: Call): JsonObject => {
    switch (call.operation) {
      case 'GetSecretValue': {
        const { arn, name, value, versionId } = permitted(call, read(valueInput, call.input).SecretId)
        return { ARN: arn, Name: name, SecretString: value, VersionId: versionId, VersionStages: ['AWSCURRENT'] }
      }
      case 'DescribeSecret': {
        const { arn, name, versionId } = permitted(call, read(descriptionInput, call.input).SecretId)
        return { ARN: arn, Name: name, VersionIdsToStages: { [versionId]: ['AWSCURRENT'] } }
      }
      default:
        throw unknownOperation('Secrets Manager', call.operation)
    }
  }
}
