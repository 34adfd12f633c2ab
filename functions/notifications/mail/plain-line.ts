/** Text of strangers as it may stand in a mail of the shop's: whoever places an order says who gets the mail, and what stands in it. Pure. */

/** Characters of one field; what is longer is no name, street or town. */
export const maxFieldCharacters = 100

/** What comes from data stays in its place: it begins no line of its own, and turns no direction of writing. */
export const inOneLine = (text: string): string =>
  text.replace(/[\p{Cc}\s\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim()

/**
 * Mail programs make links of whatever looks like one. Without a scheme, and with a space after each dot between letters, as after
 * an abbreviation, nothing does: `St.Gallen` becomes `St. Gallen`, and `https://win.example/x` `win. example/x`.
 */
const withoutLinks = (text: string): string =>
  text.replace(/[a-z][a-z0-9+.-]*:\/+/gi, '').replace(/(?<=[\p{L}\p{N}-])[.\u3002\uff0e\uff61](?=\p{L})/gu, '. ')

const cut = (text: string): string => {
  const characters = [...text]
  return characters.length > maxFieldCharacters ? `${characters.slice(0, maxFieldCharacters - 1).join('')}…` : text
}

/** A field that a shopper filled in: one line of bounded length, without links. */
export const plainField = (text: string): string => cut(withoutLinks(inOneLine(text)))
