/** What functions logged about the messages that they failed on. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod/mini'
import type { Access } from './access.ts'

const longestTailBytes = 8 * 1024 * 1024

/** As consumers and tasks write it. */
const Failure = z.object({
  message: z.literal('message failed'),
  message_id: z.string(),
  error: z.object({ name: z.optional(z.string()), message: z.optional(z.string()) }),
})

/** The end of a file; nothing where there is no file. */
const tailOf = (path: string): string => {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch {
    return ''
  }
  try {
    const { size } = fstatSync(file)
    const length = Math.min(size, longestTailBytes)
    const bytes = Buffer.alloc(length)
    return bytes.toString('utf8', 0, readSync(file, bytes, 0, length, size - length))
  } finally {
    closeSync(file)
  }
}

const failureIn = (line: string): z.infer<typeof Failure> | undefined => {
  try {
    return Failure.parse(JSON.parse(line.slice(line.indexOf('{'))))
  } catch {
    return undefined
  }
}

/**
 * The last error of each message that the function failed on, by message id. Empty on AWS: a search of CloudWatch's
 * logs takes too long for an overview; `logCommand` says how to start one.
 */
export const lastErrors = ({ logsDirectory }: Access, functionName: string): ReadonlyMap<string, string> => {
  const errors = new Map<string, string>()
  if (logsDirectory === undefined) return errors
  for (const line of tailOf(join(logsDirectory, `${functionName}.log`)).split('\n')) {
    const failure = line.includes('message failed') ? failureIn(line) : undefined
    if (!failure) continue
    const { name = 'Error', message = '' } = failure.error
    errors.set(failure.message_id, `${name}: ${message.replace(/\s+/g, ' ').slice(0, 200)}`)
  }
  return errors
}

/** The command that shows what the function logged about a message. */
export const logCommand = ({ logsDirectory }: Access, functionName: string, messageId: string): string =>
  logsDirectory === undefined
    ? `aws logs filter-log-events --log-group-name /aws/lambda/${functionName} --filter-pattern '"${messageId}"'`
    : `grep ${messageId} ${join(logsDirectory, `${functionName}.log`)}`
