/** What a deliberate bug is: a small change of source texts on their way into the process. */

export type Edit = { file: string; from: string; to: string }

/** `from` must stand in its file exactly once. */
export type Sabotage = { name: string; edits: readonly Edit[] }

export const sabotage = (name: string, ...edits: Edit[]): Sabotage => ({ name, edits })
