/** What happens next: work at moments of the virtual clock, earliest first, in the order of asking where they are equal. */

export type Appointment = { at: number; order: number; work: () => void | Promise<void>; cancelled: boolean }

export type Agenda = {
  add(at: number, work: Appointment['work']): Appointment
  next(): Appointment | undefined
  /** The moment of the next appointment. */
  peek(): number | undefined
}

const before = (a: Appointment, b: Appointment): boolean => a.at < b.at || (a.at === b.at && a.order < b.order)

/** A binary heap. */
export const createAgenda = (): Agenda => {
  const heap: Appointment[] = []
  let made = 0

  const swap = (a: number, b: number): void => {
    const [first, second] = [heap[a], heap[b]]
    if (!first || !second) return
    heap[a] = second
    heap[b] = first
  }
  const isBefore = (a: number, b: number): boolean => {
    const [first, second] = [heap[a], heap[b]]
    return first !== undefined && second !== undefined && before(first, second)
  }
  const rise = (from: number): void => {
    for (let index = from; index > 0; ) {
      const parent = (index - 1) >> 1
      if (!isBefore(index, parent)) return
      swap(index, parent)
      index = parent
    }
  }
  const sink = (): void => {
    for (let index = 0; ; ) {
      const [left, right] = [2 * index + 1, 2 * index + 2]
      const child = isBefore(right, left) ? right : left
      if (!isBefore(child, index)) return
      swap(child, index)
      index = child
    }
  }
  const dropCancelled = (): void => {
    while (heap[0]?.cancelled) take()
  }
  const take = (): Appointment | undefined => {
    const first = heap[0]
    const last = heap.pop()
    if (first && last && first !== last) {
      heap[0] = last
      sink()
    }
    return first
  }

  return {
    add(at, work) {
      made += 1
      const appointment = { at, order: made, work, cancelled: false }
      heap.push(appointment)
      rise(heap.length - 1)
      return appointment
    },
    next() {
      dropCancelled()
      return take()
    },
    peek() {
      dropCancelled()
      return heap[0]?.at
    },
  }
}
