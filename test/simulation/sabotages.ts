/** Deliberate bugs, each a small change of source texts on their way into the process. They must be found. */

type Edit = { file: string; from: string; to: string }

export type Sabotage = { name: string; edits: readonly Edit[] }

export const sabotages: readonly Sabotage[] = [
  {
    name: 'reservation-without-condition',
    edits: [
      {
        file: 'functions/inventory/table.ts',
        from: "when: { expression: '#available >= :units' },",
        to: 'when: isThere,',
      },
    ],
  },
]
