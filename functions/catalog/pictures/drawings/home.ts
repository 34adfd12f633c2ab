/** About the house. Pure. */
import { books, vessel } from './still-lifes.ts'
import { type Draw, type Entry, line, oval, rect, shape } from './strokes.ts'

const stool: Draw = ({ main, second, ink }) =>
  line('M136 186 L112 300M264 186 L288 300', ink, 14) +
  line('M126 250H274', second, 10) +
  oval(200, 184, 100, 24, ink) +
  oval(200, 176, 100, 24, main)

const cushion: Draw = ({ main, second, ink }) =>
  shape('M104 150 Q200 174 296 150 Q276 225 296 300 Q200 276 104 300 Q124 225 104 150Z', main) +
  line('M140 170V280M170 174V276M200 176V274M230 174V276M260 170V280', second, 5) +
  oval(200, 225, 8, 8, ink)

const candle: Draw = ({ main, second, ink }) =>
  shape('M200 96 Q226 132 200 152 Q174 132 200 96Z', second) +
  line('M200 146V172', ink, 4) +
  rect(148, 170, 104, 130, main, 12) +
  rect(164, 210, 72, 50, second, 4)

const lamp: Draw = ({ main, second, ink }) =>
  line('M180 292 L146 204 L226 140', ink, 9) +
  shape('M204 108 L274 146 L250 204 L182 168Z', main) +
  oval(228, 186, 22, 18, second) +
  rect(120, 284, 124, 16, main, 8)

const clock: Draw = ({ main, wall, second, ink }) =>
  oval(200, 196, 104, 104, main) +
  oval(200, 196, 86, 86, wall) +
  line('M200 124V132M200 260V268M128 196H136M264 196H272', second, 7) +
  line('M200 196V144M200 196L236 216', ink, 7)

const basket: Draw = ({ main, second, ink }) =>
  line('M126 196 Q126 92 200 92 Q274 92 274 196', main, 13) +
  shape('M92 190 H308 L284 300 H116Z', main) +
  line('M100 216H300M106 244H294M112 272H288', second, 7) +
  line('M130 196L144 296M165 196L172 296M200 196V296M235 196L228 296M270 196L256 296', ink, 3)

const hooks: Draw = ({ main, second, ink }) =>
  [128, 230]
    .map(
      (x) =>
        rect(x, 110, 44, 120, main, 12) +
        line(`M${x + 22} 190 V250 Q${x + 22} 284 ${x + 52} 276 L${x + 62} 250`, ink, 12) +
        oval(x + 22, 130, 6, 6, second),
    )
    .join('')

export const home: readonly Entry[] = [
  [stool, 'stool', 'table', 'chair'],
  [cushion, 'cushion'],
  [candle, 'candle'],
  [lamp, 'lamp'],
  [clock, 'clock', 'watch'],
  [basket, 'basket'],
  [hooks, 'hooks'],
  [vessel, 'vase', 'vessel', 'jug'],
  [books, 'books'],
]
