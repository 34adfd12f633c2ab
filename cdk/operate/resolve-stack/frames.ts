/** Finds stacks in what was copied out of a log: whole log lines as JSON, or bare text; and the places of bundles in them. */
import * as z from 'zod/mini'

/** As `service/name`, where the log line says it. */
export type Stack = { of: string | undefined; text: string }

const LogLine = z.object({ service: z.string(), function: z.string() })

/** The bundle's folder before it is told away: what it is called depends on where it ran. */
const frame = /(?:file:\/\/)?[^\s()"']*?((?:chunks\/[\w-]+|index)\.mjs):(\d+):(\d+)/g

const jsonOf = (line: string): unknown => {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

export const hasFrames = ({ text }: Pick<Stack, 'text'>): boolean => text.search(frame) >= 0

/** All text with frames that stands anywhere in a log line: the error's stack, and those of its causes. */
const stacksIn = (value: unknown): string[] => {
  if (typeof value === 'string') return hasFrames({ text: value }) ? [value] : []
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stacksIn) : []
}

/** @returns bare lines as they stand, and of log lines their stacks */
export const readStacks = (input: string): Stack[] =>
  input
    .trimEnd()
    .split('\n')
    .flatMap((line): Stack[] => {
      const json = jsonOf(line)
      if (typeof json !== 'object' || json === null) return [{ of: undefined, text: line }]
      const { success, data } = LogLine.safeParse(json)
      return stacksIn(json).map((text) => ({ of: success ? `${data.service}/${data.function}` : undefined, text }))
    })

/** @param placeOf undefined for what has no source: it stays as it is */
export const withSources = (
  text: string,
  placeOf: (file: string, line: number, column: number) => string | undefined,
): string =>
  text.replace(frame, (whole, file: string, line, column) => placeOf(file, Number(line), Number(column)) ?? whole)
