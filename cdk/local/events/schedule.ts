import { StartError } from '../start-error.ts'

const minuteMs = 60_000
const unitsMs: { [unit: string]: number | undefined } = { minute: minuteMs, hour: 60 * minuteMs, day: 1440 * minuteMs }

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const days = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']

type Field = { name: string; from: number; to: number; names?: string[] }

const fields: Field[] = [
  { name: 'minutes', from: 0, to: 59 },
  { name: 'hours', from: 0, to: 23 },
  { name: 'day of month', from: 1, to: 31 },
  { name: 'month', from: 1, to: 12, names: months },
  { name: 'day of week', from: 1, to: 7, names: days },
  { name: 'year', from: 1970, to: 2199 },
]

const values = (text: string, { name, from, to, names = [] }: Field): Set<number> => {
  const found = new Set<number>()
  const number = (part: string): number => {
    const named = names.indexOf(part.toUpperCase())
    const value = named >= 0 ? named + from : /^\d+$/.test(part) ? Number(part) : Number.NaN
    if (!(value >= from && value <= to)) throw new StartError(`cron: ${name} does not take "${part}"`)
    return value
  }
  for (const part of text.split(',')) {
    const [range = '', step = '1'] = part.split('/')
    const [first = '', last] = range.split('-')
    const isAny = range === '*' || range === '?'
    const start = isAny ? from : number(first)
    const end = isAny || (last === undefined && part.includes('/')) ? to : number(last ?? first)
    for (let value = start; value <= end; value += Math.max(1, Number(step))) found.add(value)
  }
  return found
}

/** Gives the first moment after `afterMs` at which the schedule is due, or undefined if there is none. */
export type Schedule = (afterMs: number) => number | undefined

const cron = (expression: string): Schedule => {
  const parts = expression.trim().split(/\s+/)
  if (parts.length !== fields.length) throw new StartError(`cron takes six fields: ${expression}`)
  const [minute, hour, dayOfMonth, month, dayOfWeek, year] = fields.map((field, index) =>
    values(parts[index] ?? '', field),
  )
  return (afterMs) => {
    const at = new Date(Math.floor(afterMs / minuteMs) * minuteMs + minuteMs)
    const lastYear = at.getUTCFullYear() + 8
    while (at.getUTCFullYear() <= lastYear) {
      const isDay =
        year?.has(at.getUTCFullYear()) &&
        month?.has(at.getUTCMonth() + 1) &&
        dayOfMonth?.has(at.getUTCDate()) &&
        dayOfWeek?.has(at.getUTCDay() + 1)
      if (!isDay) at.setUTCHours(24, 0)
      else if (!hour?.has(at.getUTCHours())) at.setUTCHours(at.getUTCHours() + 1, 0)
      else if (!minute?.has(at.getUTCMinutes())) at.setUTCMinutes(at.getUTCMinutes() + 1)
      else return at.getTime()
    }
    return undefined
  }
}

/** Reads `rate(5 minutes)` or `cron(0 12 * * ? *)`, in UTC. Throws a `StartError` for any other form. */
export const parseSchedule = (expression: string): Schedule => {
  const [, count, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? []
  const everyMs = Number(count) * (unitsMs[unit] ?? Number.NaN)
  if (everyMs > 0) return (afterMs) => afterMs + everyMs
  const fieldsText = /^cron\((.*)\)$/.exec(expression)?.[1]
  if (fieldsText === undefined) throw new StartError(`schedule expression "${expression}" is not known here`)
  return cron(fieldsText)
}
