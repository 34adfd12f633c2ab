/** The whole shop on an emulator, with its first staff account. */
import { SESClient, VerifyEmailIdentityCommand } from '@aws-sdk/client-ses'
import { openShop } from '../../../../functions/client.ts'
import { keptConnections } from '../../command-line/connections.ts'
import { styled, withProgress } from '../../command-line/console.ts'
import { CannotError } from '../../dead-letters/cannot-error.ts'
import { prepareAssembly } from '../../start/prepare.ts'
import { localStaff } from '../../start/staff.ts'
import { cdklocal } from '../cdklocal.ts'
import { runCommand } from '../commands.ts'
import { apiUrlOf, stackNames } from '../stacks.ts'
import { clientSettings, type Emulator, openEmulator, stage, whereToLook } from '../which.ts'

/** As an operator does on AWS: no stack makes a staff account. Then it logs in. */
const makeStaff = async (emulator: Emulator, url: string): Promise<void> => {
  const words = ['--stage', stage.name, '--email', localStaff.email]
  await runCommand(emulator, 'create-staff', words, `${localStaff.password}\n`)
  const { fetch, close } = keptConnections(url)
  const answer = await openShop({ url, fetch }).request('POST /auth/login', { body: localStaff }).finally(close)
  if (!answer.ok)
    throw new CannotError(`POST /auth/login answered ${answer.status} ${answer.problem.code}`, whereToLook(emulator))
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
  const url = await apiUrlOf(emulator)
  await withProgress('making the first staff account, which logs in', async () => {
    await verifySender(emulator)
    await makeStaff(emulator, url)
  })
  const stacks = await stackNames(emulator)
  console.log(summary(emulator, url, stacks.length))
}
