/** A pending timer of a `Clock`. */
export type Timer = { cancel(): void }

/**
 * The time that delays, visibility time-outs, retries, schedules and the expiry of items go by. What functions see or
 * make themselves (their time-outs, tokens) goes by real time: their code runs for real.
 */
export type Clock = {
  /** Milliseconds since the epoch. */
  now(): number
  /** Calls `action` once, `delayMs` from now. */
  after(delayMs: number, action: () => void): Timer
}

const longestTimerMs = 2 ** 31 - 1

/** The machine's own clock. Its timers do not keep the process alive, and never fire before their time has come by it. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, action) {
    const dueMs = Date.now() + delayMs
    let timer: NodeJS.Timeout
    // A timer may fire a millisecond before its time, and none takes a delay of months.
    const arm = (): void => {
      const leftMs = dueMs - Date.now()
      timer = setTimeout(() => (Date.now() < dueMs ? arm() : action()), Math.min(Math.max(leftMs, 0), longestTimerMs))
      timer.unref()
    }
    arm()
    return { cancel: () => clearTimeout(timer) }
  },
}

/** A clock that stands still until `advance` is called; timers fire in order of their time. */
export const manualClock = (startMs: number): Clock & { advance(byMs: number): void } => {
  let nowMs = startMs
  const timers = new Set<{ atMs: number; action: () => void }>()
  return {
    now: () => nowMs,
    after(delayMs, action) {
      const timer = { atMs: nowMs + Math.max(delayMs, 0), action }
      timers.add(timer)
      return { cancel: () => timers.delete(timer) }
    },
    advance(byMs) {
      const untilMs = nowMs + byMs
      for (;;) {
        const due = [...timers].filter((timer) => timer.atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0]
        if (due === undefined) break
        timers.delete(due)
        nowMs = Math.max(nowMs, due.atMs)
        due.action()
      }
      nowMs = untilMs
    },
  }
}
