/** The parts of the page that a browser fetches, all served by the shop itself. */
import { fixedContent } from '../../../shared/runtime/fixed-content.ts'
import script from './filter.client.txt'
import style from './style.css'

const sign =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#2f6b5e"/><path d="M9 13h14l-1.4 11H10.4z" fill="#f3ece1"/><path d="M12 13a4 4 0 0 1 8 0" fill="none" stroke="#f3ece1" stroke-width="2"/></svg>'

const asset = (content: string, type: string) =>
  fixedContent(content, {
    'content-type': type,
    'cache-control': 'public, max-age=300',
  })

export const assets: ReadonlyMap<string, ReturnType<typeof fixedContent>> = new Map([
  ['style.css', asset(style, 'text/css; charset=utf-8')],
  ['filter.js', asset(script, 'text/javascript; charset=utf-8')],
  ['sign.svg', asset(sign, 'image/svg+xml')],
])
