/** For cooking. Pure. */
import { type Draw, type Entry, line, oval, rect, shape, turned } from './strokes.ts'

const jar: Draw = ({ main, second, ink }) =>
  rect(138, 108, 124, 34, ink, 8) + rect(124, 136, 152, 164, main, 26) + rect(146, 186, 108, 66, second, 6)

const kettle: Draw = ({ main, second, ink }) =>
  line('M138 168 Q138 92 200 92 Q262 92 262 168', ink, 11) +
  shape('M126 176 H274 Q304 240 288 300 H112 Q96 240 126 176Z', main) +
  shape('M280 206 L340 172 L346 190 L292 250Z', main) +
  rect(150, 160, 100, 20, second, 8) +
  oval(200, 154, 12, 10, ink)

const pan: Draw = ({ main, second, ink }) =>
  rect(262, 226, 108, 22, ink, 11) +
  shape('M56 224 H274 L256 300 H74Z', main) +
  oval(165, 226, 109, 18, ink) +
  oval(165, 226, 94, 13, second)

const board: Draw = ({ main, second, wall, ink }) =>
  turned(
    -8,
    200,
    200,
    rect(178, 72, 44, 74, main, 20) +
      rect(120, 122, 160, 178, main, 20) +
      oval(200, 96, 9, 9, wall) +
      line('M144 160H256M144 200H256M144 240H256', second, 4),
  ) + line('M92 300H308', ink, 3)

const knife: Draw = ({ main, second, ink }) =>
  turned(
    -24,
    200,
    210,
    shape('M190 190 H338 Q300 236 190 232Z', second) +
      rect(70, 188, 126, 42, main, 16) +
      line('M100 209H104M132 209H136M164 209H168', ink, 8),
  )

const mill: Draw = ({ main, second, ink }) =>
  oval(200, 100, 18, 18, ink) +
  shape('M164 150 Q164 112 200 112 Q236 112 236 150 L224 178 H176Z', main) +
  shape('M172 180 H228 Q222 226 246 262 V300 H154 V262 Q178 226 172 180Z', main) +
  rect(168, 174, 64, 12, second, 4)

const tin: Draw = ({ main, second, ink }) =>
  rect(92, 178, 216, 122, main, 14) +
  rect(84, 156, 232, 40, second, 12) +
  rect(172, 142, 56, 18, ink, 8) +
  rect(152, 226, 96, 38, second, 6)

export const kitchen: readonly Entry[] = [
  [jar, 'jar', 'salt', 'honey', 'jam'],
  [kettle, 'kettle', 'teapot'],
  [pan, 'skillet', 'pan'],
  [board, 'board'],
  [knife, 'knife'],
  [mill, 'mill'],
  [tin, 'tin', 'box'],
]
