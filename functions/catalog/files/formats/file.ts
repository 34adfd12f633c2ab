/** Where an import's file is, and what it is. The bucket removes it after a day. */
import type { Format } from '../contract.ts'

export const fileKeyOf = (importId: string): string => `incoming/imports/${importId}`

export const contentTypeOf = (format: Format): string => (format === 'jsonl' ? 'application/jsonl' : 'text/csv')
