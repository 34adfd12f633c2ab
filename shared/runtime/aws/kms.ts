/** What signing keys are asked. */
import {
  GetPublicKeyCommand,
  type GetPublicKeyCommandOutput,
  type GetPublicKeyRequest,
  KMSClient,
  SignCommand,
  type SignCommandOutput,
  type SignRequest,
} from '@aws-sdk/client-kms'
import { type Ask, asking } from './ask.ts'
import { clientLimits } from './limits.ts'

export const keysApi = (): Ask<{
  Sign: { input: SignRequest; output: Pick<SignCommandOutput, 'Signature'> }
  GetPublicKey: { input: GetPublicKeyRequest; output: Pick<GetPublicKeyCommandOutput, 'PublicKey'> }
}> =>
  asking(() => {
    const client = new KMSClient(clientLimits)
    return {
      Sign: (input) => client.send(new SignCommand(input)),
      GetPublicKey: (input) => client.send(new GetPublicKeyCommand(input)),
    }
  })
