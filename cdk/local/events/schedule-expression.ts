/** Reads schedule expressions. */
import { Cron } from 'croner'
import { StartError } from '../start-error.ts'

/** Gives the first moment after `afterMs` at which the schedule is due, or undefined if there is none. */
export type Schedule = (afterMs: number) => number | undefined

const minuteMs = 60_000
const unitsMs = new Map([
  ['minute', minuteMs],
  ['hour', 60 * minuteMs],
  ['day', 1440 * minuteMs],
])

/** EventBridge's six fields: no seconds, a year at the end, Sunday is 1, and `?` where the other day field decides. */
const cron = (fields: string): Schedule => {
  const [, , dayOfMonth, , dayOfWeek = '', year, ...more] = fields.trim().split(/\s+/)
  if (year === undefined || more.length > 0) throw new StartError(`cron takes six fields: ${fields}`)
  if ((dayOfMonth === '?') === (dayOfWeek === '?'))
    throw new StartError(`cron takes "?" for one of day of month and day of week: ${fields}`)
  if (/[089]/.test(dayOfWeek)) throw new StartError(`cron: the day of week is 1 (Sunday) to 7: ${fields}`)
  try {
    const expression = `0 ${fields.replaceAll('?', '*')}`
    const job = new Cron(expression, {
      ...{ mode: '7-part', alternativeWeekdays: true, domAndDow: true, sloppyRanges: true },
      ...{ utcOffset: 0, paused: true },
    })
    return (afterMs) => job.nextRun(new Date(afterMs))?.getTime()
  } catch (error) {
    throw new StartError(`cron(${fields}): ${(error as Error).message}`)
  }
}

/** Reads `rate(5 minutes)` or `cron(0 12 * * ? *)`, in UTC. Throws a `StartError` for any other form. */
export const parseSchedule = (expression: string): Schedule => {
  const [, count, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? []
  const everyMs = Number(count) * (unitsMs.get(unit) ?? Number.NaN)
  if (everyMs > 0) return (afterMs) => afterMs + everyMs
  const fields = /^cron\((.*)\)$/.exec(expression)?.[1]
  if (fields === undefined) throw new StartError(`schedule expression "${expression}" is not known here`)
  return cron(fields)
}
