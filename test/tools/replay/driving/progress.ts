/** How far the work is: a bar that redraws itself in a terminal, a line every few seconds elsewhere. */
export type Output = { isTTY?: boolean; columns?: number; write(text: string): unknown }

export type Progress = {
  /** Begins a piece of work of so many units. */
  begin(label: string, total: number): void
  advance(units?: number): void
  /** Ends the piece, and says how long it took. @returns seconds */
  end(): number
}

const lineEveryMs = 5_000
const redrawEveryMs = 100

/** `████████░░░░` */
export const bar = (share: number, width: number): string => {
  const full = Math.round(Math.min(1, Math.max(0, share)) * width)
  return '█'.repeat(full) + '░'.repeat(width - full)
}

const remaining = (share: number, elapsedMs: number): string => {
  if (share <= 0.02 || share >= 1) return ''
  const seconds = Math.ceil((elapsedMs * (1 - share)) / share / 1000)
  return seconds < 100 ? `${seconds} s left` : `${Math.ceil(seconds / 60)} min left`
}

/** @param nowMs a clock that only runs forward */
export const createProgress = (output: Output, nowMs: () => number = () => performance.now()): Progress => {
  let label = ''
  let total = 0
  let done = 0
  let beganMs = 0
  let toldMs = 0

  const tell = (): void => {
    toldMs = nowMs()
    const share = total === 0 ? 1 : done / total
    const percent = `${Math.floor(share * 100)} %`.padStart(5)
    const left = remaining(share, toldMs - beganMs)
    if (!output.isTTY) output.write(`${label}: ${percent.trim()} ${left}`.trimEnd().concat('\n'))
    else {
      const width = Math.max(10, Math.min(40, (output.columns ?? 80) - label.length - 24))
      output.write(`\r\u001b[2K${label} ${bar(share, width)} ${percent} ${left}`)
    }
  }

  return {
    begin(newLabel, newTotal) {
      label = newLabel
      total = newTotal
      done = 0
      beganMs = nowMs()
      toldMs = beganMs
      if (output.isTTY) tell()
    },
    advance(units = 1) {
      done += units
      if (nowMs() - toldMs >= (output.isTTY ? redrawEveryMs : lineEveryMs)) tell()
    },
    end() {
      const seconds = (nowMs() - beganMs) / 1000
      output.write(`${output.isTTY ? '\r\u001b[2K' : ''}${label}: ${seconds.toFixed(1)} s\n`)
      return seconds
    },
  }
}
