/** HTML from templates in which every value is escaped, unless it is HTML made here. */

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text that is HTML already: made by `html` only. */
export type Html = { html: string }

type Value = string | number | Html | readonly Html[] | undefined

const render = (value: Value): string => {
  if (value === undefined) return ''
  if (typeof value === 'string' || typeof value === 'number')
    return String(value).replace(/[&<>"']/g, (sign) => entities[sign] ?? '')
  return 'html' in value ? value.html : value.map(render).join('')
}

export const html = (parts: TemplateStringsArray, ...values: readonly Value[]): Html => ({
  html: parts.map((part, index) => part + (index < values.length ? render(values[index]) : '')).join(''),
})
