/**
 * Descriptions in HTML: what of it is kept, and what it says as plain text. By xss, which with the rules here makes 31 KB;
 * sanitize-html is 296 KB and costs 30 ms of CPU more at the start. Pure.
 */
import { FilterXSS } from 'xss'
import { ownProperty } from '../../../../shared/domain/own-property.ts'
import { maxHtml } from '../fields.ts'
import { cut } from '../slug.ts'
import { escapeText } from './plain-text.ts'
import { withoutReferences } from './references.ts'

const words = 'b strong i em u s small sub sup mark code span abbr blockquote pre p div h1 h2 h3 h4 h5 h6'
const lists = 'ul ol li dl dt dd table caption thead tbody tfoot tr'
const maxDescription = 10_000

/** Only what forms text: nothing that runs, embeds, styles, or names itself to the page around it. */
const whiteList: Record<string, string[]> = {
  ...Object.fromEntries(`${words} ${lists} br hr`.split(' ').map((name) => [name, []])),
  a: ['href', 'title'],
  img: ['src', 'alt', 'width', 'height'],
  td: ['colspan', 'rowspan'],
  th: ['colspan', 'rowspan'],
}
const empty = new Set(['br', 'hr', 'img'])
/** A second one ends the first, as in HTML's own rules. */
const endsItself = new Set(['p', 'li', 'dt', 'dd', 'tr', 'td', 'th'])
/** Their content is no text. */
const stripIgnoreTagBody = ['script', 'style', 'noscript', 'template', 'iframe', 'object', 'svg', 'math', 'title']

/** Signs that a browser reads as what they stand for before it looks where a link leads. */
const signs: Readonly<Record<string, string>> = {
  sol: '/',
  bsol: '\\',
  colon: ':',
  tab: '\t',
  newline: '\n',
  amp: '&',
  num: '#',
}
const asRead = (value: string): string =>
  value
    .replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));?/gi, (all, decimal, hex, name) => {
      if (name !== undefined) return ownProperty(signs, name.toLowerCase()) ?? all
      const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : all
    })
    // URL Standard, 4.4: control characters around it and line breaks within are left out.
    .replace(/^[\0- ]+|[\t\n\r]/g, '')

/** Elsewhere by a scheme that is known, or to a place of this shop: a second slash, or a backslash, which counts as one, names a host. */
const link = /^(https?:\/\/|mailto:|tel:|\/(?![/\\])|#)/i
const filter = new FilterXSS({
  whiteList,
  stripIgnoreTag: true,
  stripIgnoreTagBody,
  allowCommentTag: false,
  css: false,
  // The library's own check lets more kinds of links pass than a description needs.
  onTagAttr: (_tag, name, value) =>
    (name === 'href' && !link.test(asRead(value))) ||
    (name === 'src' && !/^https:\/\/|^\/pictures\//i.test(asRead(value)))
      ? ''
      : undefined,
})

/** Blocks that a description does not need as such, but which part their text from what is around them. */
const otherBlocks =
  /<(\/?)(?:section|article|header|footer|main|aside|nav|figure|figcaption|address|fieldset|legend|form|details|summary|dialog|hgroup|center|menu|option|optgroup|button)(?=[\s/>])[^<>]*>/gi

/** Closes what stays open and drops what closes nothing, so that a description cannot break the page it stands in. */
const balanced = (html: string): string => {
  const open: string[] = []
  const close = (to: number): string =>
    open
      .splice(to)
      .reverse()
      .map((name) => `</${name}>`)
      .join('')
  const text = html.replace(/<(\/?)([a-z][a-z0-9]*)[^>]*>/g, (tag: string, slash: string, name: string) => {
    if (empty.has(name)) return slash ? '' : tag
    if (slash) return open.includes(name) ? close(open.lastIndexOf(name)) : ''
    const before = endsItself.has(name) && open.at(-1) === name ? close(open.length - 1) : ''
    open.push(name)
    return before + tag
  })
  return text + close(0)
}

const rounds = 4

/** Safe HTML, the same when it is sanitised again. What does not settle was made to deceive: nothing is left of its marks. */
const sanitised = (html: string): string => {
  let before = html.replace(otherBlocks, '<$1div>')
  for (let round = 0; round < rounds; round += 1) {
    const after = balanced(filter.process(before)).trim()
    if (after === before) return after
    before = after
  }
  return escapeText(before)
}

const printable = (text: string): string =>
  text
    .replace(/[^\P{Cc}\n\r\t]/gu, '')
    .normalize('NFC')
    .trim()

const blocks = 'p|div|h[1-6]|li|dt|dd|tr|table|ul|ol|dl|blockquote|pre|caption|thead|tbody|tfoot'
const blockEnd = new RegExp(`<br ?/?>|<hr ?/?>|</(?:${blocks})>`, 'g')
const blockStart = new RegExp(`<(?:${blocks}|t[dh])(?: [^>]*)?>|</t[dh]>`, 'g')

/** A line for each block, no word joined to that of another, and no more than one empty line in between. */
const textOf = (html: string): string =>
  printable(
    withoutReferences(
      html
        .replace(/\s+/g, ' ')
        .replace(blockEnd, '\n')
        .replace(blockStart, ' ')
        .replace(/<[^>]*>/g, ''),
    )
      .replace(/ {2,}/g, ' ')
      .replace(/[ \t]*\n[ \t]*/g, '\n')
      .replace(/\n{3,}/g, '\n\n'),
  )

/** A description as a product keeps it. */
export type Body = { description: string; descriptionHtml: string | undefined }

/** Characters of what is looked at all: more is no description, nor plain text of one with every sign escaped. */
const maxGiven = 60_000

/**
 * What of a text in HTML a product keeps: safe HTML and its words, or the words alone where it has no marks.
 * The words are at most 10,000 characters of a description in HTML.
 */
export const bodyOf = (given: string): Body | 'too-long' => {
  if (given.length > maxGiven) return 'too-long'
  const html = sanitised(given.normalize('NFC'))
  if (!/<[a-z]/.test(html)) return { description: printable(withoutReferences(html)), descriptionHtml: undefined }
  if (html.length > maxHtml) return 'too-long'
  return { description: cut(textOf(html), maxDescription).trim(), descriptionHtml: html }
}

/** The words alone of what is too long to be kept as HTML. */
export const textBody = (given: string): Body => {
  const text = textOf(sanitised(given.normalize('NFC')))
  return { description: cut(text, maxDescription).trim(), descriptionHtml: undefined }
}

/** The description of a request or a line, where it has one: HTML goes before plain text, which takes the place of HTML. */
export const bodyIn = (given: {
  description?: string | undefined
  descriptionHtml?: string | undefined
}): Body | 'too-long' | undefined => {
  if (given.descriptionHtml !== undefined) return bodyOf(given.descriptionHtml)
  return given.description === undefined ? undefined : { description: given.description, descriptionHtml: undefined }
}
