/** Reads files of products as an import does, without a shop around it. */
import assert from 'node:assert/strict'
import type { Format } from '../../../functions/catalog/files/contract.ts'
import type { Entry, ImportedProduct } from '../../../functions/catalog/files/formats/imported.ts'
import { beginning } from '../../../functions/catalog/files/formats/position.ts'
import { readPiece } from '../../../functions/catalog/files/import/pieces.ts'
import { planOf } from '../../../functions/catalog/files/import/plan.ts'
import type { WooReading } from '../../../functions/catalog/files/woocommerce/woocommerce.ts'
import type { Product } from '../../../functions/catalog/products/domain.ts'
import { someId } from '../../support/service.ts'

/** Reads a whole file as the import does, in pieces of so many bytes. */
export const readAll = (file: string | Buffer, format: Format, pieceBytes = 1_000_000) => {
  const bytes = Buffer.from(file)
  const readings: WooReading[] = []
  const entries: Entry[] = []
  let [position, rows, pieces] = [beginning, 0, 0]
  while (position.offset < bytes.length) {
    const part = bytes.subarray(position.offset, position.offset + pieceBytes)
    const isLast = position.offset + part.length === bytes.length
    const piece = readPiece(part, { format, position, isLast, currency: 'EUR' })
    assert.ok(typeof piece !== 'string', String(piece))
    assert.ok(piece.next.offset > position.offset, 'it goes on')
    readings.push(...piece.readings)
    entries.push(...piece.entries, ...piece.readings.flatMap((reading) => reading.entries))
    position = piece.next
    rows += piece.rows
    pieces += 1
  }
  const products = readings.flatMap(({ product, keepAs, parent, variations = [] }): ImportedProduct[] => {
    if (product) return keepAs && product.variants.length === 0 ? [] : [product]
    const known = readings.find((reading) => (reading.keepAs ?? []).includes(parent ?? ''))?.product
    return known && parent !== undefined ? [{ ...known, variants: variations }] : []
  })
  return { products, entries, rows, pieces, position }
}

export const fresh = { id: someId('prd'), at: '2026-01-01T00:00:00.000Z' }
/** What is planned of a product of a file, where no other product has its SKUs. */
export const made = (imported: ImportedProduct, product?: Product) =>
  planOf(imported, { product, owners: new Map() }, fresh)

/** The catalogue after a file was taken in, product by product, by slug. */
export const takenIn = (file: string, format: Format, before = new Map<string, Product>(), pieceBytes = 1_000_000) => {
  const { products, entries } = readAll(file, format, pieceBytes)
  const catalogue = new Map(before)
  const all = [...entries]
  for (const imported of products) {
    const plan = made(imported, catalogue.get(imported.slug))
    all.push(...plan.entries)
    if (plan.kind === 'create' || plan.kind === 'change') catalogue.set(plan.product.slug, plan.product)
  }
  return { catalogue, codes: all.map(({ line, code }) => `${line} ${code}`), entries: all }
}
