/** Opens what survives a restart, even one without warning. */
import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { StartError } from '../start-error.ts'

/** What survives a restart, even one without warning. */
export type State = { directory: string; database: DatabaseSync; close(): void }

const schema = `
  create table if not exists message (
    id integer primary key, queue text not null, message_id text not null, body text not null, attributes text not null,
    trace_header text, sender text not null, sent_at integer not null, visible_at integer not null,
    receive_count integer not null default 0, first_received_at integer, receipt text, expires_at integer not null);
  create index if not exists message_due on message (queue, visible_at);
  create table if not exists async_event (
    id integer primary key, function text not null, payload text not null, trace_header text not null,
    accepted_at integer not null, due_at integer not null, attempts integer not null default 0);
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

/** Opens an SQLite file, and makes it where there is none. */
export const openSqlite = (file: string): DatabaseSync => {
  const sqlite = withoutWarningOf(/SQLite/, () =>
    createRequire(import.meta.url)('node:sqlite'),
  ) as typeof import('node:sqlite')
  return new sqlite.DatabaseSync(file)
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

/** Opens the state folder, whose lock the caller holds. Throws a `StartError` where it is damaged. */
export const openState = (directory: string): State => {
  try {
    for (const folder of ['logs', 'mail']) mkdirSync(join(directory, folder), { recursive: true })
  } catch (error) {
    throw new StartError(`${directory} cannot be written (${(error as Error).message})`)
  }
  const database = open(directory)
  return { directory, database, close: () => database.close() }
}

/** A value that is made once and then kept, such as a secret or a key. */
export const keptValue = ({ database }: State, name: string, make: () => string): string => {
  const row = database.prepare('select value from kept_value where name = ?').get(name)
  if (row !== undefined) return String(row.value)
  const value = make()
  database.prepare('insert into kept_value (name, value) values (?, ?)').run(name, value)
  return value
}
