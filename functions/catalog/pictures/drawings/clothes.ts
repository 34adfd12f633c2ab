/** To wear and to carry. Pure. */
import { type Draw, type Entry, line, oval, rect, shape, turned } from './strokes.ts'

const garment: Draw = ({ main, second, ink }) =>
  shape('M160 110 L110 134 L72 232 L108 246 L132 190 V300 H268 V190 L292 246 L328 232 L290 134 L240 110Z', main) +
  shape('M160 110 Q200 152 240 110 L228 104 H172Z', second) +
  line('M150 280H250', ink, 3)

const robe: Draw = ({ main, second, ink }) =>
  shape(
    'M166 84 L112 112 L84 236 L120 244 L136 180 V300 H264 V180 L280 244 L316 236 L288 112 L234 84 L200 150Z',
    main,
  ) +
  line('M166 84 L200 150 L234 84', second, 12) +
  line('M138 196H262M200 150V300', ink, 6)

const apron: Draw = ({ main, second, ink }) =>
  line('M166 120 Q200 60 234 120M132 190 L84 210M268 190 L316 210', ink, 5) +
  shape('M160 116 H240 L252 184 H284 V300 H116 V184 H148Z', main) +
  rect(150, 216, 100, 54, second, 6)

const pair: Draw = ({ main, second, ink }) =>
  [0, 92]
    .map(
      (x) =>
        shape(`M${92 + x} 150 H${140 + x} V236 Q${196 + x} 250 ${196 + x} 300 H${92 + x}Z`, x === 0 ? main : second) +
        line(`M${92 + x} 172 H${140 + x}`, ink, 5),
    )
    .join('')

const slippers: Draw = ({ main, second, ink }) =>
  [0, 116]
    .map(
      (x) =>
        oval(142 + x, 262, 50, 38, ink) +
        shape(`M${92 + x} 268 Q${96 + x} 206 ${142 + x} 206 Q${188 + x} 206 ${192 + x} 268Z`, x === 0 ? main : second),
    )
    .join('')

const beanie: Draw = ({ main, second, ink }) =>
  shape('M104 262 Q104 132 200 132 Q296 132 296 262Z', main) +
  rect(94, 250, 212, 50, second, 16) +
  line('M130 260V292M165 260V292M200 260V292M235 260V292M270 260V292', ink, 3)

const mittens: Draw = ({ main, second, ink }) =>
  [0, 110]
    .map(
      (x) =>
        shape(`M${106 + x} 270 V190 Q${106 + x} 130 ${142 + x} 130 Q${178 + x} 130 ${178 + x} 190 V270Z`, main) +
        turned(-32, 100 + x, 216, oval(96 + x, 216, 15, 36, main)) +
        rect(100 + x, 262, 84, 38, second, 8) +
        line(`M${118 + x} 180 V230`, ink, 2),
    )
    .join('')

const hanger: Draw = ({ main, second, ink }) =>
  line('M200 150 V130 Q228 120 222 96 Q212 72 186 88', ink, 8) +
  line('M200 152 L84 232 H316Z', main, 16) +
  line('M110 226H290', second, 8)

const rucksack: Draw = ({ main, second, ink }) =>
  line('M172 116 Q172 84 200 84 Q228 84 228 116', ink, 9) +
  rect(122, 108, 156, 192, main, 40) +
  rect(144, 212, 112, 74, second, 14) +
  shape('M122 160 Q122 108 162 108 H238 Q278 108 278 160 V176 H122Z', second) +
  rect(190, 166, 20, 34, ink, 4)

export const clothes: readonly Entry[] = [
  [garment, 'jumper', 'sweater', 'shirt', 't shirt'],
  [robe, 'bathrobe', 'robe', 'coat', 'jacket'],
  [apron, 'apron'],
  [pair, 'socks', 'boots'],
  [slippers, 'slippers', 'shoes'],
  [beanie, 'beanie', 'hat', 'cap'],
  [mittens, 'gloves', 'mittens'],
  [hanger, 'hangers', 'hanger'],
  [rucksack, 'rucksack', 'backpack', 'bag'],
]
