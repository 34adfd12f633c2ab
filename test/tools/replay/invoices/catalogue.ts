/** What a line of the file stands for, and the catalogue that follows from the lines that were sold. Pure. */
import type { Row } from './csv.ts'

/** Stock codes that are no product, and what they are. */
const otherCodes: Readonly<Record<string, string>> = {
  POST: 'postage',
  DOT: 'postage',
  C2: 'carriage',
  M: 'manual entry',
  D: 'discount',
  S: 'samples',
  B: 'bad debt',
  'BANK CHARGES': 'bank charges',
  AMAZONFEE: 'marketplace fee',
  CRUK: 'commission for a charity',
}

/** What the shop accepts as a SKU. */
const skuForm = /^[A-Z0-9][A-Z0-9._-]{0,63}$/

/** Codes that differ by case only are one product. */
export const skuOf = (code: string): string => code.trim().toUpperCase()

/** @returns why a stock code is no product, or undefined when it is one */
export const noProduct = (code: string): string | undefined => {
  const sku = skuOf(code)
  if (Object.hasOwn(otherCodes, sku)) return `no product: ${otherCodes[sku]}`
  if (sku.startsWith('GIFT')) return 'no product: gift voucher'
  return skuForm.test(sku) ? undefined : 'no product: the stock code cannot be a SKU'
}

/** An order over so many units of one SKU is a slip of the finger; the largest in the original data is 80,995. */
export const mostUnits = 99_900

export const isCancellation = (invoice: string): boolean => /^c/i.test(invoice)

/** What a line is: a sale, goods that come back (their quantity positive), or nothing that can be replayed. */
export const meaningOf = (
  row: Row,
): { kind: 'sale' | 'return'; sku: string; quantity: number } | { kind: 'left-out'; reason: string } => {
  const leftOut = (reason: string) => ({ kind: 'left-out' as const, reason })
  const other = noProduct(row.code)
  if (other) return leftOut(other)
  const sku = skuOf(row.code)
  if (row.quantity === 0) return leftOut('quantity 0')
  if (Math.abs(row.quantity) > mostUnits) return leftOut(`quantity over ${mostUnits}`)
  if (isCancellation(row.invoice))
    return row.quantity < 0
      ? { kind: 'return', sku, quantity: -row.quantity }
      : leftOut('a positive quantity in a cancelled invoice')
  if (!/^\d+$/.test(row.invoice)) return leftOut('an invoice number of another kind')
  if (row.quantity < 0) return leftOut('a negative quantity outside a cancelled invoice (written off)')
  if (row.price < 0) return leftOut('a negative price')
  if (row.price === 0) return leftOut('no price (given away)')
  return { kind: 'sale', sku, quantity: row.quantity }
}

export type Product = {
  sku: string
  title: string
  slug: string
  category: string
  /** Hundredths in the file, taken over as minor units of the shop's currency. */
  price: number
}

/** By the first word that fits; it only has to spread a wholesaler's goods over some shelves. */
const shelves: readonly [RegExp, string][] = [
  [/\b(christmas|xmas|advent|santa|reindeer)\b/i, 'christmas'],
  [/\b(bags?|shopper|lunch ?box|suitcase|purse)\b/i, 'bags'],
  [/\b(candles?|t-?lights?|light|lights|lantern|lamp|incense)\b/i, 'lights'],
  [/\b(cup|cups|mug|plate|bowl|tea|teapot|cake|cakes|kitchen|jar|tin|spoon|bottle|apron|tray|jug)\b/i, 'kitchen'],
  [/\b(card|cards|paper|wrap|pen|pens|pencils?|notebook|stickers?|tape|book|tissues?)\b/i, 'stationery'],
  [/\b(garden|bird|plant|flower|seeds?|herb|parasol|watering)\b/i, 'garden'],
  [/\b(doll|toy|game|playhouse|children|childrens|kids|puzzle|skipping|dolly|girl|boy)\b/i, 'toys'],
  [/\b(necklace|bracelet|earrings?|ring|hair|brooch|charm|scarf)\b/i, 'jewellery'],
  [/\b(hearts?|sign|frame|clock|cushion|mirror|hanging|decoration|bunting|ornament|drawer|cabinet)\b/i, 'decoration'],
]

const categoryOf = (title: string): string => shelves.find(([words]) => words.test(title))?.[1] ?? 'other'

const longestTitle = 100

/** The file shouts: `WHITE HANGING HEART` -> `White hanging heart`. What already has small letters stays as it is. */
const titleOf = (description: string): string => {
  const calm = /\p{Ll}/u.test(description)
    ? description
    : description.charAt(0).toUpperCase() + description.slice(1).toLowerCase()
  return calm.slice(0, longestTitle).trim()
}

const slugOf = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')

/** Gathers products line by line; the latest description and the latest price of each stand. */
export const createCatalogue = () => {
  type Known = { price: number; pricedAt: string; description: string; describedAt: string }
  const known = new Map<string, Known>()
  return {
    /** Takes a line that was sold. Of two at the same moment the later in the file counts. */
    add(sku: string, { at, price, description }: Pick<Row, 'at' | 'price' | 'description'>): void {
      const before = known.get(sku) ?? { price, pricedAt: at, description: '', describedAt: '' }
      const isNewer = at >= before.pricedAt
      const describes = description !== '' && at >= before.describedAt
      known.set(sku, {
        ...(isNewer ? { price, pricedAt: at } : { price: before.price, pricedAt: before.pricedAt }),
        ...(describes
          ? { description, describedAt: at }
          : { description: before.description, describedAt: before.describedAt }),
      })
    },
    products: (): Product[] =>
      [...known].map(([sku, { price, description }]) => {
        const title = titleOf(description) || `Article ${sku}`
        // The SKU makes it unique: many products share a description.
        const slug = [slugOf(title).slice(0, 30).replace(/-$/, ''), slugOf(sku)].filter((part) => part !== '').join('-')
        return { sku, title, slug, category: categoryOf(title), price }
      }),
  }
}
