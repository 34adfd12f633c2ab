/** What functions of a local shop have logged. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Cloud } from '../../cdk/local/cloud.ts'
import type { Json } from './service.ts'

type Logs = Pick<Cloud, 'logsDirectory'>

export const logText = ({ logsDirectory }: Logs): string =>
  readdirSync(logsDirectory)
    .map((name) => readFileSync(join(logsDirectory, name), 'utf8'))
    .join('\n')

const parsed = (lines: readonly string[]): Json[] =>
  lines.flatMap((line) => {
    const start = line.indexOf('{')
    try {
      return start < 0 ? [] : [JSON.parse(line.slice(start))]
    } catch {
      // Functions also print plain text, such as stack traces.
      return []
    }
  })

/** Every line that is JSON. */
export const logLines = (cloud: Logs): Json[] => parsed(logText(cloud).split('\n'))

/**
 * Prints which messages failed, and why. Each came again after its visibility time-out, so nothing need be wrong: on a
 * busy machine a call between functions outlasts its deadline. But it tells what a slow test has waited for.
 */
export const tellFailedMessages = (cloud: Logs): void => {
  const lines = logText(cloud)
    .split('\n')
    .filter((line) => line.includes('"message failed"'))
  const reasons = parsed(lines).map((line) => `${line.service}/${line.function}: ${line.error?.message}`)
  for (const [reason, all] of Map.groupBy(reasons, (line) => line))
    console.log(`${all.length} message(s) failed and came again: ${reason}`)
}
