import { linkSync, mkdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { StartError } from './json.ts'

/** What survives a restart, even one without warning. */
export type State = { directory: string; database: DatabaseSync; close(): void }

const schema = `
  create table if not exists message (
    id integer primary key, queue text not null, message_id text not null, body text not null, attributes text not null,
    trace_header text, sender text not null, sent_at integer not null, visible_at integer not null,
    receive_count integer not null default 0, first_received_at integer, receipt text, expires_at integer not null);
  create index if not exists message_due on message (queue, visible_at);
  create table if not exists stream_position (mapping text primary key, sequence_number text not null);
  create table if not exists schedule_due (rule text primary key, expression text not null, due_at integer not null);
  create table if not exists kept_value (name text primary key, value text not null);
`

/** Runs `action` without the warning that Node prints for one of its features; every other warning still shows. */
export const withoutWarningOf = <T>(feature: RegExp, action: () => T): T => {
  const emitWarning = process.emitWarning
  process.emitWarning = ((warning: string | Error, ...rest: []) => {
    if (!feature.test(String(warning))) emitWarning.call(process, warning, ...rest)
  }) as typeof process.emitWarning
  try {
    return action()
  } finally {
    process.emitWarning = emitWarning
  }
}

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
  if (now === 'ended' || (now !== undefined && birth !== undefined && now !== birth)) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Takes the folder's lock, or that of a process that is gone. A hard link makes the taking atomic. */
const lock = (directory: string): (() => void) => {
  const file = join(directory, 'lock')
  const mine = join(directory, `lock.${process.pid}`)
  writeFileSync(mine, `${process.pid} ${birthOf(process.pid) ?? ''}\n`)
  try {
    for (let attempt = 0; attempt < 3; attempt++) {
      try {
        linkSync(mine, file)
        return () => rmSync(file, { force: true })
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      }
      const [pid, birth] = readFileSync(file, 'utf8').trim().split(' ')
      const holder = Number(pid)
      if (holder > 0 && isRunning(holder, birth)) {
        throw new StartError(`${directory} is in use by process ${holder}; stop that one or choose another folder`)
      }
      rmSync(file, { force: true })
    }
    throw new StartError(`${directory} could not be locked`)
  } finally {
    unlinkSync(mine)
  }
}

/** Opens an SQLite file, and makes it where there is none. */
export const openSqlite = (file: string): DatabaseSync => {
  const { DatabaseSync } = withoutWarningOf(/SQLite/, () =>
    createRequire(import.meta.url)('node:sqlite'),
  ) as typeof import('node:sqlite')
  return new DatabaseSync(file)
}

const open = (directory: string): DatabaseSync => {
  const file = join(directory, 'cloud.sqlite')
  try {
    const database = openSqlite(file)
    // NORMAL survives the end of the process; only the end of the machine may lose the last moments.
    database.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 2000')
    database.exec(schema)
    return database
  } catch (error) {
    throw new StartError(`${file} cannot be read (${(error as Error).message}); start afresh with --fresh`)
  }
}

/** Opens the state folder and locks it. Throws a `StartError` where it is in use or damaged. */
export const openState = (directory: string): State => {
  try {
    for (const folder of ['logs', 'mail']) mkdirSync(join(directory, folder), { recursive: true })
  } catch (error) {
    throw new StartError(`${directory} cannot be written (${(error as Error).message})`)
  }
  const unlock = lock(directory)
  try {
    const database = open(directory)
    return {
      directory,
      database,
      close() {
        database.close()
        unlock()
      },
    }
  } catch (error) {
    unlock()
    throw error
  }
}

/** A value that is made once and then kept, such as a secret or a key. */
export const keptValue = ({ database }: State, name: string, make: () => string): string => {
  const row = database.prepare('select value from kept_value where name = ?').get(name)
  if (row !== undefined) return String(row.value)
  const value = make()
  database.prepare('insert into kept_value (name, value) values (?, ?)').run(name, value)
  return value
}
