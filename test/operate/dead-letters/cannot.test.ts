/** What the operator's commands say where they cannot begin: the cause, and the next step. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { openStage } from '../../../cdk/operate/dead-letters/access.ts'
import { CannotError, nextStepFor } from '../../../cdk/operate/dead-letters/cannot-error.ts'
import { invoke } from '../../../cdk/operate/dead-letters/invoke.ts'

const named = (name: string, message: string): Error => Object.assign(new Error(message), { name })

describe('the next step', () => {
  const cases: [Error, RegExp][] = [
    [new Error('Region is missing'), /AWS_REGION=/],
    [named('CredentialsProviderError', 'Could not load credentials from any providers'), /aws sso login/],
    [named('UnrecognizedClientException', 'The security token included in the request is invalid.'), /AWS_PROFILE/],
    [named('InvalidSignatureException', 'The request signature we calculated does not match'), /AWS_ENDPOINT_URL/],
    [named('ExpiredTokenException', 'The security token included in the request is expired'), /has run out/],
    [named('ResourceNotFoundException', 'Function not found: arn:aws:lambda:…'), /deploy the shop to this stage/],
    [named('AccessDeniedException', 'User … is not authorized to perform: lambda:InvokeFunction'), /may do this/],
    [new Error('getaddrinfo ENOTFOUND lambda.eu-middle-1.amazonaws.com'), /region \(AWS_REGION\)/],
    [named('InvalidAction', 'The action StartMessageMoveTask is not valid for this endpoint.'), /EMULATORS\.md/],
    [new CannotError('no', 'say yes'), /say yes/],
  ]
  for (const [error, step] of cases)
    test(`after ${error.name}: ${error.message}`, () => assert.match(nextStepFor(error) ?? '', step))

  test('is not made up where nobody knows', () => assert.equal(nextStepFor(new Error('hm')), undefined))

  test('where nothing answers at AWS_ENDPOINT_URL: start the emulator, or correct it', async () => {
    const before = { ...process.env }
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    })
    try {
      await assert.rejects(invoke(openStage('dev'), 'shop-dev-identity-create-staff', '{}'), (error) =>
        /emulator:start, or correct AWS_ENDPOINT_URL/.test(nextStepFor(error) ?? ''),
      )
    } finally {
      process.env = before
    }
  })
})

test('an unknown stage is told with those that there are', () => {
  assert.throws(
    () => openStage('moon'),
    (error) =>
      error instanceof CannotError &&
      error.message === 'unknown stage "moon"' &&
      error.nextStep === 'say --stage dev, or --stage staging, or --stage prod',
  )
})
