/** Placeholder pictures: a calm still life of what a name says, the same for the same name everywhere. Pure. */
import { books, plant, vessel } from './drawings/still-lifes.ts'
import type { Palette } from './drawings/strokes.ts'
import { thingNamed } from './things.ts'

const palettes = [
  { wall: '#f3ece1', shelf: '#d9c9b2', main: '#b4532a', second: '#e0a458', ink: '#3d2b1f' },
  { wall: '#e8efec', shelf: '#bcd0c7', main: '#2f6b5e', second: '#8db6a5', ink: '#17332c' },
  { wall: '#ecedf4', shelf: '#c5c9de', main: '#3f4f8c', second: '#98a4d4', ink: '#1c2444' },
  { wall: '#f6eaea', shelf: '#e2c4c4', main: '#9c3d4c', second: '#d99aa2', ink: '#431920' },
  { wall: '#f4f0dc', shelf: '#ddd3a6', main: '#7c6f1d', second: '#c4b55a', ink: '#36300c' },
  { wall: '#e7f0f5', shelf: '#b9d2e0', main: '#2b6685', second: '#7fb1cb', ink: '#123041' },
] as const satisfies Palette[]

/** FNV-1a, 32 bits: spreads short names well, and is no secret. */
const hashOf = (text: string): number => {
  let hash = 0x811c9dc5
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0
  return hash
}

/** Numbers in [0, 1) that follow from the seed (mulberry32). */
const numbersFrom = (seed: number) => {
  let state = seed
  return (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** For a name that says nothing. */
const stillLifes = [vessel, plant, books] as const

/** `copper-kettle` -> an SVG of 400 by 400 units, of one to two thousand bytes, without text that came from outside. */
export const renderPicture = (name: string): string => {
  const next = numbersFrom(hashOf(name))
  const palette = palettes[Math.floor(next() * palettes.length)] ?? palettes[0]
  const thing = thingNamed(name)
  const stillLife = stillLifes[Math.floor(next() * stillLifes.length)] ?? vessel
  const [sunX, sunY, sunRadius] = [60 + next() * 280, 60 + next() * 80, 26 + next() * 40]
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" role="img" ' +
    `aria-label="${thing ? `drawing: ${thing.words}` : 'placeholder picture'}">` +
    `<rect width="400" height="400" fill="${palette.wall}"/>` +
    `<circle cx="${sunX.toFixed(1)}" cy="${sunY.toFixed(1)}" r="${sunRadius.toFixed(1)}" fill="${palette.second}" opacity=".45"/>` +
    `<rect y="300" width="400" height="100" fill="${palette.shelf}"/><ellipse cx="200" cy="303" rx="110" ry="9" fill="${palette.ink}" opacity=".18"/>` +
    `${(thing?.draw ?? stillLife)(palette, next)}</svg>`
  )
}
