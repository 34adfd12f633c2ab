/** The parts of the page that a browser fetches, all served by the shop itself. */
import script from './filter.client.txt'
import style from './style.css'

const sign =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#2f6b5e"/><path d="M9 13h14l-1.4 11H10.4z" fill="#f3ece1"/><path d="M12 13a4 4 0 0 1 8 0" fill="none" stroke="#f3ece1" stroke-width="2"/></svg>'

export const assets: ReadonlyMap<string, { type: string; content: string }> = new Map([
  ['style.css', { type: 'text/css; charset=utf-8', content: style }],
  ['filter.js', { type: 'text/javascript; charset=utf-8', content: script }],
  ['sign.svg', { type: 'image/svg+xml', content: sign }],
])
