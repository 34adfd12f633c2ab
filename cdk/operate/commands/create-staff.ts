/** `npm run create-staff`: the first staff account of a shop, by the credentials of whoever deployed it. Here or on AWS. */
import { createStaff } from '../../../functions/published/identity.ts'
import { openShop, readArguments, runCommand, shopOptions } from '../command-line/command.ts'
import { styled } from '../command-line/console.ts'
import { givenPassword, randomPassword } from '../create-staff/password.ts'
import { CannotError } from '../dead-letters/cannot-error.ts'
import { invoke } from '../dead-letters/invoke.ts'

const usage = `npm run create-staff -- --email ADDRESS [options]   makes a staff account

  An account that is there already becomes staff, gets this password, and all its sessions end: whoever registered the
  address may have been anybody. Who is staff already keeps password and sessions. The password is asked for and not
  shown; where nobody can be asked it is the first line of the input.

  --email ADDRESS of the account
  --generate      makes a password up, and prints it once
  --stage NAME    the shop on AWS (dev, staging, prod), with the credentials of this shell; without: npm start's
  --folder PATH   where the shop on this machine keeps its data (default .shop)
  --help          this text

  Ends with 0, with 2 when it could not be carried out.`

const options = () =>
  readArguments({
    options: { ...shopOptions, email: { type: 'string' }, generate: { type: 'boolean', default: false } },
  }).values

const done = {
  created: 'may log in as staff',
  promoted:
    'had an account, registered by somebody who never showed that the address is theirs; it is staff now, has this password, and its sessions have ended',
  unchanged: 'was staff already, with the password that it had',
} as const

const run = async (): Promise<undefined> => {
  const { email, generate, stage, folder, help } = options()
  if (help) {
    console.log(usage)
    return undefined
  }
  if (!email) throw new CannotError('whose account?', 'say --email ADDRESS; see --help')
  const access = openShop({ stage, folder })
  const password = generate ? randomPassword() : await givenPassword()
  const input = createStaff.input.safeParse({ email, password })
  if (!input.success)
    throw new CannotError(
      `not accepted: ${input.error.issues.map(({ path }) => path.join('.')).join(', ')}`,
      'see --help',
    )
  const functionName = `${access.prefix}-${createStaff.service}-${createStaff.name}`
  const answer = createStaff.output.parse(await invoke(access, functionName, JSON.stringify({ input: input.data })))
  if (answer.outcome === 'refused') throw new CannotError(answer.detail, 'nothing was changed: run it again')
  console.log(`${styled('green', '✓')} ${input.data.email} ${done[answer.outcome]} in ${access.shop}`)
  if (generate && answer.outcome !== 'unchanged') console.log(`  password: ${styled('bold', password)}`)
}

await runCommand(run)
