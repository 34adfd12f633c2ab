/** For the table. Pure. */
import { type Draw, type Entry, line, oval, rect, shape } from './strokes.ts'

const plate: Draw = ({ main, second, wall, ink }) =>
  oval(200, 286, 132, 16, ink) +
  oval(200, 190, 108, 108, main) +
  oval(200, 190, 76, 76, second) +
  oval(200, 190, 66, 66, wall)

const bowl: Draw = ({ main, second, ink }) =>
  line('M166 150Q154 130 168 112M204 150Q192 130 206 112M242 150Q230 130 244 112', ink, 4) +
  shape('M84 190 H316 Q308 290 238 290 V300 H162 V290 Q92 290 84 190Z', main) +
  oval(200, 190, 116, 20, second)

const mug: Draw = ({ main, second, ink }) =>
  line('M258 180 Q322 170 318 224 Q312 268 258 262', main, 16) +
  rect(114, 144, 148, 156, main, 18) +
  oval(188, 150, 74, 16, ink) +
  rect(114, 236, 148, 20, second, 0)

const glasses: Draw = ({ main, second, ink }) =>
  [70, 160, 250]
    .map(
      (x, index) =>
        shape(`M${x} 180 H${x + 80} L${x + 68} 300 H${x + 12}Z`, index === 1 ? second : main) +
        oval(x + 40, 180, 40, 9, ink),
    )
    .join('')

const bottle: Draw = ({ main, second, ink }) =>
  rect(176, 76, 48, 34, ink, 8) +
  shape(
    'M180 106 H220 V140 Q256 160 256 200 V280 Q256 300 236 300 H164 Q144 300 144 280 V200 Q144 160 180 140Z',
    main,
  ) +
  rect(144, 214, 112, 36, second, 0)

const cutlery: Draw = ({ main, second, ink }) =>
  line('M124 96V150M140 96V150M156 96V150M124 150Q140 176 156 150M140 166V292', main, 10) +
  shape('M192 96 Q222 110 216 196 H192Z', second) +
  line('M202 190V292', second, 12) +
  oval(268, 130, 24, 36, ink) +
  line('M268 160V292', ink, 11)

const tray: Draw = ({ main, second, ink }) =>
  shape('M62 262 H338 L320 300 H80Z', main) +
  line('M74 262 Q52 226 88 226M326 262 Q348 226 312 226', ink, 9) +
  rect(120, 210, 52, 52, second, 8) +
  rect(206, 186, 40, 76, second, 14)

const napkins: Draw = ({ main, second, ink }) =>
  shape('M200 120 L316 300 H84Z', second) + shape('M200 164 L288 300 H112Z', main) + line('M200 164V300', ink, 2)

export const table: readonly Entry[] = [
  [plate, 'plate', 'plates'],
  [bowl, 'bowl', 'bowls'],
  [mug, 'mug', 'cup'],
  [glasses, 'tumblers', 'glasses', 'glass'],
  [bottle, 'carafe', 'flask', 'bottle'],
  [cutlery, 'cutlery'],
  [tray, 'tray'],
  [napkins, 'napkins'],
]
