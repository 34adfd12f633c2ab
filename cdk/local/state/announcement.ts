/** The note by which commands find a running local cloud. It lies in the state folder from the start until the stop. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod/mini'

const Announcement = z.object({
  /** Where the public API answers. */
  url: z.url(),
  /** Where the AWS APIs answer the access key `local`. */
  awsEndpoint: z.url(),
  region: z.string(),
})

export type Announcement = z.infer<typeof Announcement>

const fileIn = (stateDirectory: string): string => join(stateDirectory, 'endpoint.json')

/** @returns what takes the note away again */
export const announce = (stateDirectory: string, announcement: Announcement): (() => void) => {
  const file = fileIn(stateDirectory)
  writeFileSync(`${file}.new`, `${JSON.stringify(announcement)}\n`)
  renameSync(`${file}.new`, file)
  return () => rmSync(file, { force: true })
}

/** @returns undefined where no cloud runs on the folder, as far as the folder tells: a killed one leaves its note behind */
export const readAnnouncement = (stateDirectory: string): Announcement | undefined => {
  try {
    return Announcement.parse(JSON.parse(readFileSync(fileIn(stateDirectory), 'utf8')))
  } catch {
    return undefined
  }
}
