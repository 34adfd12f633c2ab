/** Items of tables, looked at together. */
import type { Json } from '../../cloud/http.ts'

export const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)

/** Those of a table that are of one kind. */
export const byKey = (items: readonly Json[], sk: string): Json[] => items.filter((item) => item.sk === sk)
