/** What mail is asked. */
import { SESClient, SendRawEmailCommand, type SendRawEmailRequest } from '@aws-sdk/client-ses'
import { type Ask, asking } from './ask.ts'
import { clientLimits } from './limits.ts'

export const mailApi = (): Ask<{ SendRawEmail: { input: SendRawEmailRequest; output: object } }> =>
  asking(() => {
    const client = new SESClient(clientLimits)
    return { SendRawEmail: (input) => client.send(new SendRawEmailCommand(input)) }
  })
