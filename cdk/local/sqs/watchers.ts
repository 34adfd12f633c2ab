/** Wakes those who wait for messages of a queue, whenever one may have become visible. */
import type { Clock, Timer } from '../clock.ts'

export type Watchers = {
  /** @returns what ends the watching */
  add(queue: string, action: () => void): () => void
  /** A message has come, or may be seen again: wakes after the caller's transaction, so that a reader sees what it wakes for. */
  wakeSoon(queue: string): void
  /**
   * One timer for each watched queue, at the moment its next message becomes visible. Whoever calls says until when the watchers
   * have looked: a moment that was taken before they did. Time goes on meanwhile, and what becomes visible then is nobody's else.
   */
  schedule(queue: string, lookedUntilMs: number): void
  stop(): void
}

/** @param nextVisibleMs when the next message of a queue becomes visible after a moment */
export const createWatchers = (
  clock: Clock,
  nextVisibleMs: (queue: string, afterMs: number) => number | undefined,
): Watchers => {
  const watchers = new Map<string, Set<() => void>>()
  const timers = new Map<string, { atMs: number; timer: Timer }>()
  let stopped = false

  const schedule: Watchers['schedule'] = (queue, lookedUntilMs) => {
    if (stopped || (watchers.get(queue)?.size ?? 0) === 0) return
    const atMs = nextVisibleMs(queue, lookedUntilMs)
    if (atMs === undefined) return
    const known = timers.get(queue)
    if (known !== undefined && known.atMs <= atMs) return
    known?.timer.cancel()
    const timer = clock.after(atMs - clock.now(), () => {
      timers.delete(queue)
      wake(queue)
    })
    timers.set(queue, { atMs, timer })
  }

  const wake = (queue: string): void => {
    const nowMs = clock.now()
    for (const watcher of watchers.get(queue) ?? []) watcher()
    schedule(queue, nowMs)
  }

  return {
    schedule,
    add(queue, action) {
      const set = watchers.get(queue) ?? new Set()
      watchers.set(queue, set.add(action))
      // What has become visible since the new watcher looked is told of, too.
      schedule(queue, 0)
      return () => set.delete(action)
    },
    wakeSoon(queue) {
      queueMicrotask(() => {
        if (!stopped) wake(queue)
      })
    },
    stop() {
      stopped = true
      for (const { timer } of timers.values()) timer.cancel()
    },
  }
}
