/** What reading and writing the formats must agree on. Pure. */
export const shopifyOptions = [1, 2, 3] as const
/** Written so many; of a file all are read. */
export const wooAttributes = [1, 2, 3, 4, 5] as const

/** Columns of the shop's own, for options that those of a format cannot say. */
export const moreOptions = {
  shopify: 'More options (variant.metafields.shop.options)',
  woocommerce: 'Meta: shop_options',
} as const

/** One value of a cell: `\,` is a comma of it, as WooCommerce writes; a backslash otherwise stands for itself. */
export const cellValue = (cell: string): string => cell.replaceAll('\\,', ',')

export const valueCell = (value: string): string => value.replaceAll(',', '\\,')

/** Lists within a cell: commas part them, unless a backslash stands before. */
export const listOf = (cell: string): string[] =>
  cell
    .split(/(?<!\\),/)
    .map((item) => cellValue(item).trim())
    .filter((item) => item !== '')

/** A backslash at an item's end must not touch the comma that follows. */
export const listCell = (items: readonly string[]): string =>
  items.map((item) => valueCell(item) + (item.endsWith('\\') ? ' ' : '')).join(', ')

/** A category's id as the path of its names: `men--shoes` -> `men > shoes`. */
export const categoryCell = (id: string): string => id.split('--').join(' > ')
