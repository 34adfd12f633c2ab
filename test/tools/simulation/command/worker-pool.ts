/** Threads that share the runs between them. */
import { Worker } from 'node:worker_threads'
import { addSites, type Site } from '../faults/coverage.ts'
import type { Answer, Done, Job, WorkerOptions } from './worker.ts'

export type Crew = {
  run(job: Omit<Job, 'id'>): Promise<Done>
  /** Which call sites were reached, by all threads together. */
  sites(): Promise<Map<string, Site>>
  stop(): Promise<void>
}

type Waiting = { resolve: (done: Done) => void; reject: (error: Error) => void }
type Hand = {
  worker: Worker
  waiting: Waiting | undefined
  sites: ((sites: Record<string, Site>) => void) | undefined
}

export const startCrew = (size: number, options: WorkerOptions): Crew => {
  const queue: { job: Job; waiting: Waiting }[] = []
  let ids = 0

  const next = (hand: Hand): void => {
    const first = hand.waiting ? undefined : queue.shift()
    if (!first) return
    hand.waiting = first.waiting
    hand.worker.postMessage(first.job)
  }
  const hear = (hand: Hand, answer: Answer): void => {
    if ('sites' in answer) {
      hand.sites?.(answer.sites)
      return
    }
    const { waiting } = hand
    hand.waiting = undefined
    if ('done' in answer) waiting?.resolve(answer.done)
    else waiting?.reject(new Error(answer.failed))
    next(hand)
  }
  const hands = Array.from({ length: size }, (): Hand => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: options })
    const hand: Hand = { worker, waiting: undefined, sites: undefined }
    worker.on('message', (answer: Answer) => hear(hand, answer))
    worker.on('error', (error) => {
      for (const { reject } of [hand.waiting, ...queue.map(({ waiting }) => waiting)].filter(
        (one) => one !== undefined,
      ))
        reject(error instanceof Error ? error : new Error(String(error)))
    })
    return hand
  })

  return {
    run: (job) =>
      new Promise((resolve, reject) => {
        ids += 1
        queue.push({ job: { ...job, id: ids }, waiting: { resolve, reject } })
        const free = hands.find(({ waiting }) => !waiting)
        if (free) next(free)
      }),
    async sites() {
      const all = new Map<string, Site>()
      for (const hand of hands)
        addSites(
          all,
          await new Promise<Record<string, Site>>((resolve) => {
            hand.sites = resolve
            hand.worker.postMessage('sites')
          }),
        )
      return all
    },
    async stop() {
      await Promise.all(hands.map(({ worker }) => worker.terminate()))
    },
  }
}
