/** What secrets are asked. */
import {
  GetSecretValueCommand,
  type GetSecretValueCommandOutput,
  type GetSecretValueRequest,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import { type Ask, asking } from './ask.ts'
import { clientLimits } from './limits.ts'

export const secretsApi = (): Ask<{
  GetSecretValue: { input: GetSecretValueRequest; output: Pick<GetSecretValueCommandOutput, 'SecretString'> }
}> =>
  asking(() => {
    const client = new SecretsManagerClient(clientLimits)
    return { GetSecretValue: (input) => client.send(new GetSecretValueCommand(input)) }
  })
