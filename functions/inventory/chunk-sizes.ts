/**
 * Lines that are worked on in one transaction, which takes at most 100 items: the reservation itself and each line's stock item
 * are items of it, in a commit also a history entry for each line. Of a return, a line takes two beside the mark; some
 * room is left.
 */
export const chunkSizes = { reserve: 99, release: 99, commit: 49, return: 45 } as const
