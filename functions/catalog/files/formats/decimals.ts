/** Numbers as spreadsheets of any country write them. Pure. */

/** Between groups of three digits: spaces of any kind, apostrophes. */
const grouping = /(?<=\d)[\s\u00a0\u2009\u202f'’](?=\d{3}(?!\d))/g

/**
 * `1.234,50` and `1,234.50` and `1 234,5` -> `1234.50`, `1234.50`, `1234.5`; `.5` -> `0.5`. One comma or point parts the
 * fraction off; a comma before exactly three digits is a fraction, too, as a comma is where such files come from.
 * @returns undefined for what is no number without a sign
 */
export const plainDecimal = (cell: string): string | undefined => {
  const text = cell.trim().replace(grouping, '')
  if (!/^[\d.,]+$/.test(text) || !/\d/.test(text)) return undefined
  const last = Math.max(text.lastIndexOf('.'), text.lastIndexOf(','))
  const sign = text[last]
  const parted = sign === undefined ? 0 : text.split(sign).length - 1
  const other = sign === ',' ? '.' : ','
  // The same sign again and again groups; so does the other one, before the last.
  const hasFraction = last >= 0 && parted === 1
  const [whole, fraction] = hasFraction ? [text.slice(0, last), text.slice(last + 1)] : [text, '']
  const groups = whole.split(hasFraction ? other : (sign ?? ','))
  if (groups.length > 1 && !groups.every((group, index) => (index === 0 ? /^\d{1,3}$/ : /^\d{3}$/).test(group)))
    return undefined
  const digits = groups.join('')
  if (!/^\d*$/.test(digits) || !/^\d*$/.test(fraction)) return undefined
  if (hasFraction && fraction === '') return undefined
  return `${digits === '' ? '0' : digits}${fraction === '' ? '' : `.${fraction}`}`
}
