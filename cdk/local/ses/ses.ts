/** Takes mail as SES v1 does, and keeps each as a file that a mail program can open. */
import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../clock.ts'
import { AwsError, accessDenied, unknownOperation } from '../endpoint/aws-error.ts'
import type { Caller, Iam } from '../iam/iam.ts'
import type { Template } from '../template/template.ts'
import { configurationSetType } from './resources.ts'

type Form = URLSearchParams

const members = (form: Form, prefix: string): string[] => {
  const found: string[] = []
  for (let index = 1; form.has(`${prefix}.member.${index}`); index++)
    found.push(form.get(`${prefix}.member.${index}`) ?? '')
  return found
}

const addressOf = (mailbox: string): string => /<([^>]*)>/.exec(mailbox)?.[1] ?? mailbox.trim()

/** Text beyond ASCII in a header, as RFC 2047 wants it; line ends never survive. */
const header = (name: string, value: string): string => {
  const line = value.replace(/[\r\n]+/g, ' ')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is exactly this range
  return `${name}: ${/^[\x00-\x7f]*$/.test(line) ? line : `=?UTF-8?B?${Buffer.from(line).toString('base64')}?=`}`
}

const part = (type: string, text: string): string =>
  [`Content-Type: ${type}; charset=UTF-8`, 'Content-Transfer-Encoding: 8bit', '', text.replace(/\r?\n/g, '\r\n')].join(
    '\r\n',
  )

const compose = (form: Form, messageId: string, at: Date): string => {
  const field = (path: string) => form.get(`Message.${path}.Data`)
  const [text, html] = [field('Body.Text'), field('Body.Html')]
  const lists = { To: 'Destination.ToAddresses', Cc: 'Destination.CcAddresses', 'Reply-To': 'ReplyToAddresses' }
  const head = [
    header('From', form.get('Source') ?? ''),
    ...Object.entries(lists).flatMap(([name, path]) => {
      const addresses = members(form, path)
      return addresses.length > 0 ? [header(name, addresses.join(', '))] : []
    }),
    header('Subject', field('Subject') ?? ''),
    `Date: ${at.toUTCString()}`,
    `Message-ID: <${messageId}@local>`,
    'MIME-Version: 1.0',
  ]
  if (text === null || html === null)
    return [...head, part(html === null ? 'text/plain' : 'text/html', text ?? html ?? ''), ''].join('\r\n')
  const boundary = `part-${messageId}`
  const type = `Content-Type: multipart/alternative; boundary="${boundary}"`
  const parts = [part('text/plain', text), part('text/html', html)].map((each) => `--${boundary}\r\n${each}\r\n`)
  return `${[...head, type, ''].join('\r\n')}\r\n${parts.join('')}--${boundary}--\r\n`
}

/** SES v1: every mail becomes a file that a mail program can open; names sort by time. */
export const createSes = (
  template: Template,
  directory: string,
  iam: Iam,
  clock: Clock,
  place: { region: string; account: string },
) => {
  const configurationSets = new Set(template.ofType(configurationSetType).map(({ name }) => name))
  let sent = 0
  const keep = (content: string | Buffer): string => {
    const messageId = randomUUID()
    const at = new Date(clock.now())
    sent += 1
    const name = `${at.toISOString().replace(/[:.]/g, '-')}-${String(sent).padStart(6, '0')}.eml`
    const mail = typeof content === 'string' ? content.replaceAll('{message-id}', messageId) : content
    writeFileSync(join(directory, name), mail)
    return messageId
  }

  const permit = (caller: Caller, operation: string, source: string, configurationSet: string | undefined): void => {
    const address = addressOf(source)
    const identities = [address, address.split('@')[1] ?? address]
    const refusals = identities.map((identity) =>
      iam.refusal(caller, `ses:${operation}`, `arn:aws:ses:${place.region}:${place.account}:identity/${identity}`, {
        'ses:fromaddress': address,
      }),
    )
    if (configurationSet !== undefined) {
      const arn = `arn:aws:ses:${place.region}:${place.account}:configuration-set/${configurationSet}`
      const missing = iam.refusal(caller, `ses:${operation}`, arn, { 'ses:fromaddress': address })
      if (missing !== undefined) throw accessDenied(missing)
      if (!configurationSets.has(configurationSet))
        throw new AwsError('ConfigurationSetDoesNotExist', `Configuration set <${configurationSet}> does not exist.`)
    }
    const [refusal] = refusals
    if (refusal !== undefined && refusals.every((each) => each !== undefined)) throw accessDenied(refusal)
  }

  return (form: Form, caller: Caller): string => {
    const operation = form.get('Action') ?? ''
    const source = form.get('Source') ?? ''
    const configurationSet = form.get('ConfigurationSetName') ?? undefined
    const answer = (messageId: string) =>
      `<${operation}Response xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><${operation}Result><MessageId>${messageId}</MessageId></${operation}Result><ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></${operation}Response>`
    if (operation === 'SendEmail') {
      permit(caller, operation, source, configurationSet)
      const recipients = ['To', 'Cc', 'Bcc'].flatMap((kind) => members(form, `Destination.${kind}Addresses`))
      if (source === '' || recipients.length === 0)
        throw new AwsError('InvalidParameterValue', 'A mail needs a source and a recipient.')
      return answer(keep(compose(form, '{message-id}', new Date(clock.now()))))
    }
    if (operation === 'SendRawEmail') {
      const raw = Buffer.from(form.get('RawMessage.Data') ?? '', 'base64')
      const from = source || (/^From:(.*)$/im.exec(raw.toString('latin1'))?.[1] ?? '')
      permit(caller, operation, from, configurationSet)
      return answer(keep(raw))
    }
    throw unknownOperation('SES', operation)
  }
}
