/** What chance shapes: no two pots, plants and piles of books are alike. Pure. */
import type { Draw } from './strokes.ts'

/** A thrown pot: its outline mirrored around x = 200, standing on y = 300. */
export const vessel: Draw = ({ main, second, ink }, next) => {
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

export const plant: Draw = ({ main, second }, next) => {
  const leaves = Array.from({ length: 5 + Math.floor(next() * 4) }, (_, index) =>
    leaf(-150 + index * 20 + next() * 14, Number((70 + next() * 60).toFixed(1)), index % 2 === 0 ? main : second),
  )
  const pot = `<path d="M-44 0 L44 0 L34 84 L-34 84Z" fill="${second}"/><rect x="-50" y="-8" width="100" height="18" rx="4" fill="${main}"/>`
  return `<g transform="translate(200 216)"><g transform="translate(0 -4)">${leaves.join('')}</g>${pot}</g>`
}

export const books: Draw = ({ main, second, ink }, next) => {
  let y = 300
  return Array.from({ length: 3 + Math.floor(next() * 3) }, (_, index) => {
    const [width, height] = [130 + next() * 90, 22 + next() * 18]
    y -= height
    const x = 200 - width / 2 + (next() - 0.5) * 26
    const colour = [main, second, ink][index % 3] ?? main
    return `<rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${width.toFixed(1)}" height="${height.toFixed(1)}" rx="3" fill="${colour}"/><rect x="${(x + 12).toFixed(1)}" y="${y.toFixed(1)}" width="6" height="${height.toFixed(1)}" fill="#fff" opacity=".35"/>`
  }).join('')
}
