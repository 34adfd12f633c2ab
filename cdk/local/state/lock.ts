/** The state folder's lock: who holds it writes to the folder, and nobody else. */
import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { StartError } from '../start-error.ts'

export type FolderLock = {
  /** Notes where the holder answers, for the message to whoever comes later. */
  answersAt(url: string): void
  /** Notes that the holder is ending: whoever comes now may wait for it. */
  ending(): void
  /** Removes all that the folder holds. */
  clear(): void
  release(): void
}

/** How long a start waits for one that is ending already: in-flight functions and the engine get their time. */
const patienceMs = 15_000
const askAgainMs = 50
const isEnding = 'ending'

/** Where the system tells (Linux): when a process began, in ticks since boot, or that it has ended and waits to be reaped. */
const birthOf = (pid: number): string | 'ended' | undefined => {
  try {
    const [state, ...fields] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
    return state === 'Z' || state === 'X' ? 'ended' : fields[18]
  } catch {
    return undefined
  }
}

/** A process number alone does not tell: it may be another's by now, or that of one that ended a moment ago. */
const isRunning = (pid: number, birth: string | undefined): boolean => {
  const now = birthOf(pid)
  if (now === 'ended' || (now !== undefined && birth && now !== birth)) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

type Holder = { pid: number; birth: string; note: string }

/** One line: process number, its birth where that is known, and an address or that it is ending. */
const readHolder = (file: string): Holder | undefined => {
  try {
    const [pid = '', birth = '', note = ''] = readFileSync(file, 'utf8').trim().split(' ')
    return { pid: Number(pid), birth, note }
  } catch (error) {
    // Released in this moment.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

const inUse = (directory: string, { pid, note }: Holder): StartError => {
  const doing =
    note === isEnding ? ', which is ending but does not come to an end' : note && `, which answers on ${note}`
  return new StartError(`${directory} is in use by process ${pid}${doing}; stop that one or choose another folder`)
}

/** Puts down the lock, or finds who holds it. A hard link makes the taking atomic. */
const tryToTake = (file: string, mine: string): Holder | undefined => {
  writeFileSync(mine, `${process.pid} ${birthOf(process.pid) ?? ''}\n`)
  try {
    for (;;) {
      try {
        linkSync(mine, file)
        return undefined
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      }
      const holder = readHolder(file)
      if (holder === undefined) continue
      if (holder.pid > 0 && isRunning(holder.pid, holder.birth)) return holder
      rmSync(file, { force: true })
    }
  } finally {
    unlinkSync(mine)
  }
}

/**
 * Takes the folder's lock, also that of a process that is gone, and after that of one that is ending.
 * @throws StartError where another process holds it, with that one's number and address
 */
export const lockFolder = async (directory: string): Promise<FolderLock> => {
  const file = join(directory, 'lock')
  const mine = join(directory, `lock.${process.pid}`)
  try {
    mkdirSync(directory, { recursive: true })
  } catch (error) {
    throw new StartError(`${directory} cannot be written (${(error as Error).message})`)
  }
  const untilMs = Date.now() + patienceMs
  for (let holder = tryToTake(file, mine); holder !== undefined; holder = tryToTake(file, mine)) {
    if (holder.note !== isEnding || Date.now() > untilMs) throw inUse(directory, holder)
    await sleep(askAgainMs)
  }
  const note = (text: string): void => {
    writeFileSync(mine, `${process.pid} ${birthOf(process.pid) ?? ''} ${text}\n`)
    renameSync(mine, file)
  }
  return {
    answersAt: note,
    ending: () => note(isEnding),
    clear() {
      for (const name of readdirSync(directory))
        if (name !== 'lock') rmSync(join(directory, name), { recursive: true, force: true })
    },
    release: () => rmSync(file, { force: true }),
  }
}
