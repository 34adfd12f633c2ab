/** The options of a command for those who work on the shop: `--help`, and one sentence where it is used wrongly. */
import { type ParseArgsConfig, parseArgs } from 'node:util'
import { styled } from '../../cdk/operate/command-line/console.ts'

/** Ends the process with status 2, after what is wrong and how it is right. */
export const misused = (reason: string, usage: string): never => {
  console.error(`${styled('red', reason)}\n\n${usage}`)
  process.exit(2)
}

/** What was given; with `--help`, or an option that there is not, the process ends with the usage. */
export const commandLine = <T extends ParseArgsConfig>(usage: string, config: T): ReturnType<typeof parseArgs<T>> => {
  if (process.argv.slice(2).includes('--help')) {
    console.log(usage)
    process.exit(0)
  }
  try {
    return parseArgs(config)
  } catch (error) {
    return misused(error instanceof Error ? (error.message.split('. ')[0] ?? '') : String(error), usage)
  }
}

/** A whole number of at most nine digits; anything else ends the process. @param least the smallest that makes sense */
export const wholeNumber = (name: string, text: string, usage: string, least = 0): number => {
  const number = Number(text)
  if (!/^\d{1,9}$/.test(text) || number < least)
    return misused(`--${name} takes a whole number${least > 0 ? ` from ${least} on` : ''}, not "${text}"`, usage)
  return number
}
