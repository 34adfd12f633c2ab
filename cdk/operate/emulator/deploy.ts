/** The whole shop on an emulator, with its first staff account. */
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { SESClient, VerifyEmailIdentityCommand } from '@aws-sdk/client-ses'
import { styled, withProgress } from '../../local/console.ts'
import type { Invocation } from '../../local/lambda.ts'
import { prepareAssembly } from '../../local/prepare.ts'
import { ensureStaff, localStaff } from '../../local/staff.ts'
import { cdklocal } from './cdklocal.ts'
import { apiUrlOf, stackNames } from './stacks.ts'
import { clientSettings, type Emulator, openEmulator, stage } from './which.ts'

/** As an operator does on AWS: no stack makes a staff account. */
const makeStaff = (emulator: Emulator): Promise<void> => {
  const lambda = new LambdaClient(clientSettings(emulator))
  const invoke = async (FunctionName: string, payload: unknown): Promise<Invocation> => {
    const { Payload, FunctionError, $metadata } = await lambda.send(
      new InvokeCommand({ FunctionName, Payload: JSON.stringify(payload) }),
    )
    const answered = { requestId: $metadata.requestId ?? '', payload: Buffer.from(Payload ?? []).toString('utf8') }
    return { kind: 'answered', ...answered, ...(FunctionError ? { functionError: 'Unhandled' } : {}) }
  }
  return ensureStaff({ invoke }, stage.prefix)
}

/** As the shop's owner does on AWS; there SES then writes to the address, and somebody has to answer. */
const verifySender = async (emulator: Emulator): Promise<void> => {
  await new SESClient(clientSettings(emulator)).send(
    new VerifyEmailIdentityCommand({ EmailAddress: stage.shop.mailFrom }),
  )
}

const summary = (emulator: Emulator, url: string, stacks: number): string => {
  const row = (name: string, value: string) => `  ${styled('dim', name.padEnd(8))} ${value}`
  return [
    '',
    `${styled(['bold', 'green'], stage.shop.name)} is open on ${emulator.name} ${emulator.version}: ${stacks} stacks.`,
    '',
    row('API', styled('cyan', url)),
    row('docs', styled('cyan', `${url}/docs`)),
    row('staff', `${localStaff.email} / ${localStaff.password}`),
    '',
    `  ${styled('dim', 'try')}      npm run emulator:test`,
    `           npm run emulator:destroy`,
  ].join('\n')
}

/** A second time over the first, it changes what has changed. */
export const deploy = async (): Promise<void> => {
  const emulator = await openEmulator()
  await withProgress('preparing functions and templates', () => prepareAssembly())
  await withProgress(`preparing ${emulator.name} for CDK`, (show) => cdklocal(emulator, ['bootstrap'], show))
  await withProgress('deploying all stacks', (show) =>
    cdklocal(emulator, ['deploy', '--all', '--require-approval', 'never', '--progress', 'events'], show),
  )
  await withProgress('making the first staff account', async () => {
    await verifySender(emulator)
    await makeStaff(emulator)
  })
  const stacks = await stackNames(emulator)
  console.log(summary(emulator, await apiUrlOf(emulator), stacks.length))
}
