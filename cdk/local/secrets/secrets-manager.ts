import { randomInt, randomUUID } from 'node:crypto'
import type { Call } from '../endpoint/aws-endpoint.ts'
import { AwsError, accessDenied, unknownOperation } from '../endpoint/aws-error.ts'
import type { Iam } from '../iam/iam.ts'
import { keptValue, type State } from '../state/state.ts'
import { flagOf, type JsonObject, numberOf, objectOf, parseObject, textOf } from '../template/json.ts'
import type { Template } from '../template/template.ts'

const pick = (characters: string): string => characters[randomInt(characters.length)] ?? ''

/** A password as `GenerateSecretString` describes it. */
const generate = (rules: JsonObject): string => {
  const excluded = textOf(rules.ExcludeCharacters)
  const kinds = [
    flagOf(rules.ExcludeLowercase) ? '' : 'abcdefghijklmnopqrstuvwxyz',
    flagOf(rules.ExcludeUppercase) ? '' : 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
    flagOf(rules.ExcludeNumbers) ? '' : '0123456789',
    flagOf(rules.ExcludePunctuation) ? '' : '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
    flagOf(rules.IncludeSpace) ? ' ' : '',
  ].map((kind) => [...kind].filter((character) => !excluded.includes(character)).join(''))
  const length = numberOf(rules.PasswordLength, 32)
  const characters = Array.from({ length }, () => pick(kinds.join('')))
  // Each kind once, in places of its own.
  if (rules.RequireEachIncludedType !== false) {
    const places = characters.map((_, place) => place)
    for (const kind of kinds.filter((each) => each !== '')) {
      const [place = 0] = places.splice(randomInt(places.length), 1)
      characters[place] = pick(kind)
    }
  }
  const password = characters.join('')
  const key = textOf(rules.GenerateStringKey)
  if (key === '') return password
  return JSON.stringify({ ...parseObject(textOf(rules.SecretStringTemplate, '{}')), [key]: password })
}

/** Secrets, generated once and kept in the state folder. */
export const createSecretsManager = (template: Template, state: State, iam: Iam) => {
  const secrets = new Map<string, { arn: string; name: string; value: string; versionId: string }>()
  for (const { name: arn, properties } of template.ofType('AWS::SecretsManager::Secret')) {
    const name = arn.replace(/^.*:secret:/, '').replace(/-[^-]*$/, '')
    const value =
      properties.SecretString === undefined
        ? keptValue(state, `secret ${arn}`, () => generate(objectOf(properties.GenerateSecretString)))
        : textOf(properties.SecretString)
    const secret = { arn, name, value, versionId: keptValue(state, `secret version ${arn}`, randomUUID) }
    secrets.set(arn, secret).set(name, secret)
  }
  return ({ operation, input, caller }: Call): JsonObject => {
    const secret = secrets.get(textOf(input.SecretId))
    if (secret === undefined) {
      throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.")
    }
    const refusal = iam.refusal(caller, `secretsmanager:${operation}`, secret.arn)
    if (refusal !== undefined) throw accessDenied(refusal)
    const identity = { ARN: secret.arn, Name: secret.name }
    switch (operation) {
      case 'GetSecretValue':
        return { ...identity, SecretString: secret.value, VersionId: secret.versionId, VersionStages: ['AWSCURRENT'] }
      case 'DescribeSecret':
        return { ...identity, VersionIdsToStages: { [secret.versionId]: ['AWSCURRENT'] } }
      default:
        throw unknownOperation('Secrets Manager', operation)
    }
  }
}
