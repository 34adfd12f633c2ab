/** Where a new account's password comes from: a person who types it unseen, a pipe, or chance. */
import { randomBytes } from 'node:crypto'
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { CannotError } from '../dead-letters/cannot-error.ts'

/** 192 bits. */
export const randomPassword = (): string => randomBytes(24).toString('base64url')

const typedUnseen = async (question: string): Promise<string> => {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true })
  process.stderr.write(question)
  try {
    return await terminal.question('')
  } finally {
    terminal.close()
    process.stderr.write('\n')
  }
}

/** Asked for twice at a terminal; else the first line that comes in. @throws CannotError when the two differ, or none came */
export const givenPassword = async (): Promise<string> => {
  if (!process.stdin.isTTY) {
    const [line = ''] = (await text(process.stdin)).split(/\r?\n/)
    if (line === '')
      throw new CannotError('no password came in', 'say --generate, or give one on the first line of input')
    return line
  }
  const password = await typedUnseen('Password, which will not be shown: ')
  if (password === '') throw new CannotError('no password was given', 'say --generate to have one made')
  if ((await typedUnseen('Once more: ')) !== password) throw new CannotError('the two differ', 'run it again')
  return password
}
