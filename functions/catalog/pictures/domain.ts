/** Placeholder pictures: a calm still life drawn from a name, the same for the same name everywhere. Pure. */

const palettes = [
  { wall: '#f3ece1', shelf: '#d9c9b2', main: '#b4532a', second: '#e0a458', ink: '#3d2b1f' },
  { wall: '#e8efec', shelf: '#bcd0c7', main: '#2f6b5e', second: '#8db6a5', ink: '#17332c' },
  { wall: '#ecedf4', shelf: '#c5c9de', main: '#3f4f8c', second: '#98a4d4', ink: '#1c2444' },
  { wall: '#f6eaea', shelf: '#e2c4c4', main: '#9c3d4c', second: '#d99aa2', ink: '#431920' },
  { wall: '#f4f0dc', shelf: '#ddd3a6', main: '#7c6f1d', second: '#c4b55a', ink: '#36300c' },
  { wall: '#e7f0f5', shelf: '#b9d2e0', main: '#2b6685', second: '#7fb1cb', ink: '#123041' },
] as const

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

type Palette = (typeof palettes)[number]

/** A thrown pot: its outline mirrored around x = 200, standing on y = 300. */
const vessel = (next: () => number, { main, second, ink }: Palette): string => {
  const [belly, neck, lip, height] = [60 + next() * 45, 18 + next() * 30, 28 + next() * 26, 120 + next() * 90]
  const [top, middle] = [300 - height, 300 - height * (0.35 + next() * 0.25)]
  const half = (side: 1 | -1) => {
    const x = (distance: number) => (200 + side * distance).toFixed(1)
    return { foot: x(belly * 0.6), belly: x(belly), neck: x(neck), lip: x(lip) }
  }
  const [right, left] = [half(1), half(-1)]
  const outline = `M${left.foot} 300 C${left.belly} 290 ${left.belly} ${middle} ${left.neck} ${top + 18} L${left.lip} ${top} L${right.lip} ${top} L${right.neck} ${top + 18} C${right.belly} ${middle} ${right.belly} 290 ${right.foot} 300Z`
  const stripeTop = (300 - height * (0.25 + next() * 0.3)).toFixed(1)
  return (
    `<clipPath id="c"><path d="${outline}"/></clipPath><path d="${outline}" fill="${main}"/>` +
    `<g clip-path="url(#c)"><rect x="60" y="${stripeTop}" width="280" height="${(10 + next() * 34).toFixed(1)}" fill="${second}"/>` +
    `<rect x="200" y="0" width="160" height="400" fill="${ink}" opacity=".12"/></g>`
  )
}

const leaf = (angle: number, length: number, colour: string): string =>
  `<path d="M0 0 C${length * 0.35} ${-length * 0.3} ${length * 0.8} ${-length * 0.2} ${length} 0 C${length * 0.8} ${length * 0.2} ${length * 0.35} ${length * 0.3} 0 0Z" transform="rotate(${angle.toFixed(1)})" fill="${colour}"/>`

const plant = (next: () => number, { main, second }: Palette): string => {
  const leaves = Array.from({ length: 5 + Math.floor(next() * 4) }, (_, index) =>
    leaf(-150 + index * 20 + next() * 14, Number((70 + next() * 60).toFixed(1)), index % 2 === 0 ? main : second),
  )
  const pot = `<path d="M-44 0 L44 0 L34 84 L-34 84Z" fill="${second}"/><rect x="-50" y="-8" width="100" height="18" rx="4" fill="${main}"/>`
  return `<g transform="translate(200 216)"><g transform="translate(0 -4)">${leaves.join('')}</g>${pot}</g>`
}

const books = (next: () => number, { main, second, ink }: Palette): string => {
  let y = 300
  return Array.from({ length: 3 + Math.floor(next() * 3) }, (_, index) => {
    const [width, height] = [130 + next() * 90, 22 + next() * 18]
    y -= height
    const x = 200 - width / 2 + (next() - 0.5) * 26
    const colour = [main, second, ink][index % 3] ?? main
    return `<rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${width.toFixed(1)}" height="${height.toFixed(1)}" rx="3" fill="${colour}"/><rect x="${(x + 12).toFixed(1)}" y="${y.toFixed(1)}" width="6" height="${height.toFixed(1)}" fill="#fff" opacity=".35"/>`
  }).join('')
}

const things = [vessel, plant, books, vessel] as const

/** `copper-kettle` -> an SVG of 400 by 400 units, of a few hundred bytes, without text that came from outside. */
export const drawPicture = (name: string): string => {
  const next = numbersFrom(hashOf(name))
  const palette = palettes[Math.floor(next() * palettes.length)] ?? palettes[0]
  const thing = things[Math.floor(next() * things.length)] ?? vessel
  const [sunX, sunY, sunRadius] = [60 + next() * 280, 60 + next() * 80, 26 + next() * 40]
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" role="img" aria-label="placeholder picture">' +
    `<rect width="400" height="400" fill="${palette.wall}"/>` +
    `<circle cx="${sunX.toFixed(1)}" cy="${sunY.toFixed(1)}" r="${sunRadius.toFixed(1)}" fill="${palette.second}" opacity=".45"/>` +
    `<rect y="300" width="400" height="100" fill="${palette.shelf}"/><ellipse cx="200" cy="303" rx="110" ry="9" fill="${palette.ink}" opacity=".18"/>` +
    `${thing(next, palette)}</svg>`
  )
}
