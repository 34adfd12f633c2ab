/** Which drawing a name asks for: whoever looks for a basket is shown one. Pure. */
import { bedAndBath } from './drawings/bed-and-bath.ts'
import { clothes } from './drawings/clothes.ts'
import { desk } from './drawings/desk.ts'
import { garden } from './drawings/garden.ts'
import { home } from './drawings/home.ts'
import { kitchen } from './drawings/kitchen.ts'
import type { Draw } from './drawings/strokes.ts'
import { table } from './drawings/table.ts'

const byWords = new Map(
  [bedAndBath, clothes, desk, home, kitchen, table, garden]
    .flat()
    .flatMap(([draw, ...words]) => words.map((word) => [word, draw] as const)),
)

/**
 * `cast-iron-skillet` -> the skillet: the last words that are understood, before "set of two" and the like, and longer words
 * before shorter ones, so that a `desk-lamp` is a lamp and a `hot-water-bottle` none for drinking.
 * @returns those words, and how to draw it; undefined for a name that says nothing
 */
export const thingNamed = (name: string): { words: string; draw: Draw } | undefined => {
  const said = ` ${name.replaceAll('-', ' ').replace(/ (?:set|box|pack|pair) of .*$/, '')} `
  let found: { words: string; draw: Draw; end: number } | undefined
  for (const [words, draw] of byWords) {
    const at = said.lastIndexOf(` ${words} `)
    const end = at + words.length
    if (at >= 0 && (!found || end > found.end || (end === found.end && words.length > found.words.length)))
      found = { words, draw, end }
  }
  return found && { words: found.words, draw: found.draw }
}
