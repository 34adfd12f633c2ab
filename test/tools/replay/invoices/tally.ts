/** Counts things under a name, and remembers an example of each. */
export type Tally = {
  add(name: string, example?: string, count?: number): void
  /** Most frequent first. */
  entries(): { name: string; count: number; example: string | undefined }[]
  total(): number
  of(name: string): number
}

export const createTally = (): Tally => {
  const counts = new Map<string, { count: number; example: string | undefined }>()
  return {
    add(name, example, count = 1) {
      const known = counts.get(name)
      if (known) known.count += count
      else counts.set(name, { count, example })
    },
    entries: () =>
      [...counts]
        .map(([name, { count, example }]) => ({ name, count, example }))
        .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1)),
    total: () => [...counts.values()].reduce((sum, { count }) => sum + count, 0),
    of: (name) => counts.get(name)?.count ?? 0,
  }
}
