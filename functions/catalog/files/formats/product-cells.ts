/** What the cells of both CSV formats say of a product as a whole. Pure. */

import { bodyOf, textBody } from '../../products/descriptions/html.ts'
import { maxImages, maxTags, Picture, productFields } from '../../products/fields.ts'
import { plainText } from './cells.ts'
import { listOf } from './columns.ts'
import { type At, type Cells, checked, fitting, type ImportedProduct, type Report } from './imported.ts'

export const isPicture = (address: string): boolean => Picture.safeParse(address).success

export type GivenImage = { line: number; address: string; alt?: string | undefined }

const maxAlt = 500

/** Pictures that the shop can show, with what they show; the others are noted and left out. */
export const imagesOf = (images: readonly GivenImage[], report: Report): { images: string[]; imageAlts: string[] } => {
  const known = [...new Map(images.toReversed().map((image) => [image.address, image])).values()].toReversed()
  for (const { line, address } of known)
    if (!isPicture(address)) report.note(line, 'IMAGE_LEFT_OUT', `"${address.slice(0, 200)}" is no https address.`)
  const good = known.filter(({ address }) => isPicture(address))
  if (good.length > maxImages)
    report.note(good[maxImages]?.line ?? 0, 'TOO_MANY_IMAGES', `Only the first ${maxImages} images are kept.`)
  const kept = good.slice(0, maxImages)
  return {
    images: kept.map(({ address }) => address),
    imageAlts: kept.map(({ line, alt = '' }) =>
      fitting(plainText(alt), maxAlt, report, { line, column: 'Image alt text' }),
    ),
  }
}

/** A variant's picture: an empty text where it has none. */
export const imageOf = (cell: string, report: Report, { line, sku }: At): string => {
  if (cell === '' || isPicture(cell)) return cell
  report.note(line, 'IMAGE_LEFT_OUT', `"${cell.slice(0, 200)}" is no https address.`, sku)
  return ''
}

const maxTag = 40

const tagsOf = (cell: string, report: Report, line: number): string[] | undefined => {
  const at = { line, column: 'Tags' }
  const tags = [...new Set(listOf(cell).map((tag) => fitting(plainText(tag), maxTag, report, at)))]
  if (tags.length > maxTags) report.note(line, 'TOO_MANY_TAGS', `Only the first ${maxTags} tags are kept.`)
  return checked(productFields.tags, tags.slice(0, maxTags), report, at)
}

/** `Clothing > Hoodies` is Hoodies within Clothing. */
export const pathOf = (cell: string): string[] =>
  cell
    .split('>')
    .map((name) => plainText(name.trim()).trim())
    .filter((name) => name !== '')

/** Categories in their order, without those that another one is within, and those that were said before. */
export const categoriesOf = (paths: readonly string[][]): string[][] | undefined => {
  const given = [...new Map(paths.map((path) => [path.join('\n'), path])).values()].filter((path) => path.length > 0)
  const isWithin = (path: readonly string[], root: readonly string[]): boolean =>
    root.length < path.length && root.every((name, depth) => path[depth] === name)
  const kept = given.filter((root) => !given.some((path) => isWithin(path, root)))
  return kept.length === 0 ? undefined : kept
}

/** Characters of a description that are looked at. */
const maxGiven = 60_000

const htmlOf = (cell: string, report: Report, line: number): ImportedProduct['body'] => {
  const body = cell.length > maxGiven ? 'too-long' : bodyOf(cell)
  if (body !== 'too-long') {
    const description = checked(productFields.description, body.description, report, { line, column: 'Description' })
    return description === undefined ? undefined : { ...body, description }
  }
  report.note(line, 'FIELD_CUT', 'Description: too long; its first words are kept, without what forms them.')
  return textBody(cell.slice(0, maxGiven))
}

const [maxTitle, maxVendor, maxSeoTitle, maxSeoDescription] = [200, 200, 200, 1_000]

type Columns = { title: string; body: string; tags: string; vendor: string }

/** What both formats say of a product in its first row. @param columns what the format calls them */
export const wordsOf = (
  cells: Cells,
  columns: Columns,
  report: Report,
): Pick<ImportedProduct, 'title' | 'body' | 'tags' | 'vendor'> => {
  const { line } = cells
  const title = fitting(plainText(cells.get(columns.title)), maxTitle, report, { line, column: columns.title })
  const vendor = (): string =>
    fitting(plainText(cells.get(columns.vendor)), maxVendor, report, { line, column: columns.vendor })
  return {
    title: title === '' ? undefined : checked(productFields.title, title, report, { line, column: columns.title }),
    body: cells.has(columns.body) ? htmlOf(cells.get(columns.body), report, line) : undefined,
    tags: cells.has(columns.tags) ? tagsOf(cells.get(columns.tags), report, line) : undefined,
    vendor: cells.has(columns.vendor) ? vendor() : undefined,
  }
}

/** What search engines are told; undefined where the file has no such columns. */
export const seoOf = (cells: Cells, report: Report): ImportedProduct['seo'] => {
  const { line } = cells
  if (!cells.has('seo title') && !cells.has('seo description')) return undefined
  const title = fitting(plainText(cells.get('seo title')), maxSeoTitle, report, { line, column: 'SEO title' })
  const description = fitting(plainText(cells.get('seo description')), maxSeoDescription, report, {
    line,
    column: 'SEO description',
  })
  return { ...(title ? { title } : {}), ...(description ? { description } : {}) }
}
