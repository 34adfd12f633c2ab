/** What drawings are made of: 400 by 400 units, standing on y = 300. Pure. */

export type Palette = Readonly<Record<'wall' | 'shelf' | 'main' | 'second' | 'ink', string>>

/** @param next the next number in [0, 1) that follows from the picture's name */
export type Draw = (palette: Palette, next: () => number) => string

/** A drawing, and the words that ask for it. */
export type Entry = readonly [draw: Draw, ...words: string[]]

export const rect = (x: number, y: number, width: number, height: number, fill: string, rx = 4): string =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${rx}" fill="${fill}"/>`
export const oval = (cx: number, cy: number, rx: number, ry: number, fill: string): string =>
  `<ellipse cx="${cx}" cy="${cy}" rx="${rx}" ry="${ry}" fill="${fill}"/>`
export const shape = (outline: string, fill: string): string => `<path d="${outline}" fill="${fill}"/>`
export const line = (way: string, colour: string, width: number): string =>
  `<path d="${way}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"/>`
export const turned = (angle: number, x: number, y: number, content: string): string =>
  `<g transform="rotate(${angle} ${x} ${y})">${content}</g>`
