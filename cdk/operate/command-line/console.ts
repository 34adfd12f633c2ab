/** What people see in the terminal: short, coloured where it can be, progress where it takes time. */
import { styleText } from 'node:util'

const isTerminal = process.stdout.isTTY === true

type Style = Parameters<typeof styleText>[0]

export const styled = (style: Style, text: string): string => styleText(style, text, { stream: process.stdout })

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

/**
 * Shows that something goes on: a turning sign in a terminal, a line at its beginning elsewhere.
 * @returns what the work gives; the line then says how long it took
 */
export const withProgress = async <T>(
  label: string,
  work: (show: (note: string) => void) => Promise<T>,
): Promise<T> => {
  const began = performance.now()
  let note = ''
  let frame = 0
  const draw = () => {
    frame += 1
    process.stdout.write(
      `\r\x1b[2K${styled('cyan', frames[frame % frames.length] ?? '')} ${label} ${styled('dim', note)}`,
    )
  }
  const timer = isTerminal ? setInterval(draw, 80) : undefined
  if (!isTerminal) console.log(`… ${label}`)
  try {
    const outcome = await work((text) => {
      note = text
    })
    const seconds = ((performance.now() - began) / 1000).toFixed(1)
    if (isTerminal) console.log(`\r\x1b[2K${styled('green', '✓')} ${label} ${styled('dim', `${seconds} s`)}`)
    return outcome
  } catch (error) {
    if (isTerminal) console.log(`\r\x1b[2K${styled('red', '✗')} ${label}`)
    throw error
  } finally {
    clearInterval(timer)
  }
}
