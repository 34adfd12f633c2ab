/** Threads that share the runs between them. */
import { Worker } from 'node:worker_threads'
import { addSites, type Site } from '../faults/coverage.ts'
import type { Answer, Done, Job, WorkerOptions } from './worker.ts'

export type WorkerPool = {
  run(job: Omit<Job, 'id'>): Promise<Done>
  /** Which call sites were reached, by all threads together. */
  sites(): Promise<Map<string, Site>>
  stop(): Promise<void>
}

type Waiting = { resolve: (done: Done) => void; reject: (error: Error) => void }
type PoolWorker = {
  worker: Worker
  waiting: Waiting | undefined
  sites: ((sites: Record<string, Site>) => void) | undefined
}

export const startWorkerPool = (size: number, options: WorkerOptions): WorkerPool => {
  const queue: { job: Job; waiting: Waiting }[] = []
  let ids = 0

  const next = (member: PoolWorker): void => {
    const first = member.waiting ? undefined : queue.shift()
    if (!first) return
    member.waiting = first.waiting
    member.worker.postMessage(first.job)
  }
  const hear = (member: PoolWorker, answer: Answer): void => {
    if ('sites' in answer) {
      member.sites?.(answer.sites)
      return
    }
    const { waiting } = member
    member.waiting = undefined
    if ('done' in answer) waiting?.resolve(answer.done)
    else waiting?.reject(new Error(answer.failed))
    next(member)
  }
  const workers = Array.from({ length: size }, (): PoolWorker => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: options })
    const member: PoolWorker = { worker, waiting: undefined, sites: undefined }
    worker.on('message', (answer: Answer) => hear(member, answer))
    worker.on('error', (error) => {
      for (const { reject } of [member.waiting, ...queue.map(({ waiting }) => waiting)].filter(
        (one) => one !== undefined,
      ))
        reject(error instanceof Error ? error : new Error(String(error)))
    })
    return member
  })

  return {
    run: (job) =>
      new Promise((resolve, reject) => {
        ids += 1
        queue.push({ job: { ...job, id: ids }, waiting: { resolve, reject } })
        const free = workers.find(({ waiting }) => !waiting)
        if (free) next(free)
      }),
    async sites() {
      const all = new Map<string, Site>()
      for (const member of workers)
        addSites(
          all,
          await new Promise<Record<string, Site>>((resolve) => {
            member.sites = resolve
            member.worker.postMessage('sites')
          }),
        )
      return all
    },
    async stop() {
      await Promise.all(workers.map(({ worker }) => worker.terminate()))
    },
  }
}
