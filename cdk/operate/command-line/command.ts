/** What commands for operators have in common: a shop here or on AWS, and an end in two lines where something is in the way. */
import { join } from 'node:path'
import { type ParseArgsConfig, parseArgs } from 'node:util'
import { projectRoot } from '../../constructs/project.ts'
import { type Access, openLocal, openStage } from '../dead-letters/access.ts'
import { CannotError, nextStepFor } from '../dead-letters/cannot-error.ts'
import { styled } from './console.ts'

/** Which shop; its usage says: `--stage NAME`, `--folder PATH`, `--help`. */
export const shopOptions = {
  stage: { type: 'string' },
  folder: { type: 'string', default: join(projectRoot, '.shop') },
  help: { type: 'boolean', default: false },
} as const

/** @throws CannotError for an option that there is not */
export const readArguments = <const T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> => {
  try {
    return parseArgs(config)
  } catch (error) {
    throw new CannotError(error instanceof Error ? (error.message.split('.')[0] ?? '') : String(error), 'see --help')
  }
}

/** @throws CannotError where there is no such shop */
export const openShop = ({ stage, folder }: { stage?: string | undefined; folder: string }): Access =>
  stage === undefined ? openLocal(folder) : openStage(stage)

export const printError = (error: unknown, indent = ''): void => {
  const reason = error instanceof Error ? error.message || error.name : String(error)
  console.error(`${indent}${styled('red', reason)}`)
  const nextStep = nextStepFor(error)
  if (nextStep) console.error(`${indent}${nextStep}`)
}

/** Ends with the status that the command gives, 0 where it gives none, and with 2 where it could not be carried out. */
export const runCommand = async (command: () => Promise<number | undefined>): Promise<void> => {
  try {
    process.exitCode = (await command()) ?? 0
  } catch (error) {
    printError(error)
    process.exitCode = 2
  }
}
