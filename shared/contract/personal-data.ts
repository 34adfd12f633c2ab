/**
 * Personal data: what each service that holds some must have. A person's data can be had by that person
 * (`export-person`) and goes at their wish (`erase-person`, after which the service says `<service>.person-erased`).
 */
import * as z from 'zod/mini'
import { procedure, type TableAction } from './endpoint.ts'
import { event } from './event.ts'
import { UserId } from './schema.ts'

/** Records of one answer, and the characters that mark where the next one goes on. */
export const exportLimits = { records: 100, positionCharacters: 300 } as const

/** Where a page of an export ended, as the service says it. Clients bring it back, so it may be any text of theirs. */
export const ExportPosition = z
  .string()
  .check(z.maxLength(exportLimits.positionCharacters), z.regex(/^[^\p{Cc}\p{Cs}]*$/u))

/** Unguessable: whoever knows it may see how far the erasure is. 256 random bits, base64url. */
export const ErasureId = z.string().check(z.maxLength(50), z.regex(/^ers_[A-Za-z0-9_-]{43}$/))

/** One thing that is held of a person: what it is, and all of it. */
export const ExportRecord = z.strictObject({
  kind: z.string().check(z.maxLength(40)),
  data: z.record(z.string(), z.unknown()),
})

export const exportPersonOf = <const S extends string>(service: S, table: readonly TableAction[]) =>
  procedure({
    service,
    name: 'export-person',
    summary: 'Give what this service holds of a person, in pages',
    input: z.strictObject({
      userId: UserId,
      /** Where the last page ended; any other text begins somewhere in the same person's records. */
      after: z.optional(ExportPosition),
    }),
    output: z.strictObject({
      records: z.array(ExportRecord).check(z.maxLength(exportLimits.records)),
      /** Absent on the last page. */
      after: z.optional(ExportPosition),
    }),
    table,
  })

export type ExportPerson = ReturnType<typeof exportPersonOf<string>>

export const personErasedBy = <const S extends string>(service: S) =>
  event({
    service,
    type: `${service}.person-erased` as const,
    schemaVersion: 1,
    summary: `What ${service} held of a person is gone, but for what the law wants kept, which names nobody`,
    data: z.object({ erasureId: ErasureId, service: z.string().check(z.maxLength(40)) }),
  })

export type PersonErased = ReturnType<typeof personErasedBy<string>>
