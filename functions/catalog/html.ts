/** Descriptions in HTML: what of it is kept, and what it says as plain text. Pure. */
import { FilterXSS } from 'xss'
import { maxHtml } from './fields.ts'
import { escapeText } from './plain-text.ts'

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

const link = /^(https?:\/\/|mailto:|tel:|\/(?!\/)|#)/i
const filter = new FilterXSS({
  whiteList,
  stripIgnoreTag: true,
  stripIgnoreTagBody,
  allowCommentTag: false,
  css: false,
  // The library's own check lets more kinds of links pass than a description needs.
  onTagAttr: (_tag, name, value) =>
    (name === 'href' && !link.test(value.trim())) ||
    (name === 'src' && !/^https:\/\/|^\/pictures\//i.test(value.trim()))
      ? ''
      : undefined,
})

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
  let before = html
  for (let round = 0; round < rounds; round += 1) {
    const after = balanced(filter.process(before)).trim()
    if (after === before) return after
    before = after
  }
  return escapeText(before)
}

/** HTML's names of the characters 160 to 255, in order, and of the others that descriptions use. */
const latin =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml'
const characters: Readonly<Record<string, string>> = {
  ...Object.fromEntries(latin.split(' ').map((name, index) => [name, String.fromCodePoint(160 + index)])),
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", ndash: '–', mdash: '—', hellip: '…', bull: '•', euro: '€' },
  ...{ lsquo: '‘', rsquo: '’', sbquo: '‚', ldquo: '“', rdquo: '”', bdquo: '„', trade: '™', rarr: '→', larr: '←' },
  ...{
    OElig: 'Œ',
    oelig: 'œ',
    Scaron: 'Š',
    scaron: 'š',
    Yuml: 'Ÿ',
    ensp: ' ',
    emsp: ' ',
    thinsp: ' ',
    zwnj: '',
    zwj: '',
  },
}

const characterOf = (code: number, otherwise: string): string =>
  code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : otherwise

/** `&uuml;` and `&#252;` -> `ü`; what is unknown stays as it is. */
const decoded = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-zA-Z][a-zA-Z0-9]{1,9}));/g, (all, decimal, hex, name) => {
    if (name !== undefined) return Object.hasOwn(characters, name) ? (characters[name] ?? all) : all
    return characterOf(decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal), all)
  })

const printable = (text: string): string =>
  text
    .replace(/[^\P{Cc}\n\r\t]/gu, '')
    .normalize('NFC')
    .trim()

/** A line for each block, and no more than one empty line in between. */
const textOf = (html: string): string =>
  printable(
    decoded(
      html
        .replace(/\s+/g, ' ')
        .replace(/<br ?\/?>|<\/(p|div|h[1-6]|li|dt|dd|tr|table|ul|ol|blockquote|pre)>/g, '\n')
        .replace(/<\/t[dh]>/g, ' ')
        .replace(/<[^>]*>/g, ''),
    )
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
  if (!/<[a-z]/.test(html)) return { description: printable(decoded(html)), descriptionHtml: undefined }
  if (html.length > maxHtml) return 'too-long'
  return { description: textOf(html).slice(0, maxDescription).trim(), descriptionHtml: html }
}

/** The description of a request or a line, where it has one: HTML goes before plain text, which takes the place of HTML. */
export const bodyIn = (given: {
  description?: string | undefined
  descriptionHtml?: string | undefined
}): Body | 'too-long' | undefined => {
  if (given.descriptionHtml !== undefined) return bodyOf(given.descriptionHtml)
  return given.description === undefined ? undefined : { description: given.description, descriptionHtml: undefined }
}
