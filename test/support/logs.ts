/** What functions of a local shop have logged. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Cloud } from '../../cdk/local/cloud.ts'
import type { Json } from './service.ts'

export const logText = ({ logsDirectory }: Cloud): string =>
  readdirSync(logsDirectory)
    .map((name) => readFileSync(join(logsDirectory, name), 'utf8'))
    .join('\n')

/** Every line that is JSON. */
export const logLines = (cloud: Cloud): Json[] =>
  logText(cloud)
    .split('\n')
    .flatMap((line) => {
      const start = line.indexOf('{')
      try {
        return start < 0 ? [] : [JSON.parse(line.slice(start))]
      } catch {
        // Functions also print plain text, such as stack traces.
        return []
      }
    })
