/** Where reading stands in a file: bytes from its beginning, and the number of the next line. */
export type Position = {
  offset: number
  line: number
  /** Of a CSV file, once its header is read. */
  columns?: string[] | undefined
  delimiter?: string | undefined
}

export const beginning: Position = { offset: 0, line: 1 }
