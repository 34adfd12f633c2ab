/** For the garden. Pure. */
import { plant } from './still-lifes.ts'
import { type Draw, type Entry, line, oval, rect, shape, turned } from './strokes.ts'

const lantern: Draw = ({ main, second, wall, ink }) =>
  line('M150 130 Q150 70 200 70 Q250 70 250 130', ink, 6) +
  rect(156, 116, 88, 26, main, 8) +
  rect(146, 140, 108, 116, wall, 20) +
  shape('M200 164 Q226 206 200 240 Q174 206 200 164Z', second) +
  line('M150 146V252M250 146V252', ink, 5) +
  rect(132, 252, 136, 48, main, 12)

const trowel: Draw = ({ main, second, ink }) =>
  turned(
    28,
    200,
    200,
    rect(182, 70, 36, 92, main, 16) +
      line('M200 160V196', ink, 10) +
      shape('M158 192 H242 Q246 260 200 306 Q154 260 158 192Z', second),
  )

const wateringCan: Draw = ({ main, second, ink }) =>
  line('M250 180 Q338 150 330 240 Q322 280 266 278', ink, 10) +
  rect(134, 164, 132, 136, main, 12) +
  line('M140 262 L78 150', main, 18) +
  line('M60 160L96 138', second, 12) +
  rect(134, 184, 132, 14, second, 0)

const twine: Draw = ({ main, second, ink }) =>
  oval(200, 216, 86, 84, main) +
  line(
    'M128 186Q200 130 272 186M120 222Q200 160 280 222M134 258Q200 200 266 258M170 140Q130 220 180 296M232 140Q272 220 222 296',
    second,
    5,
  ) +
  line('M272 262Q330 250 322 300', ink, 5)

const birdhouse: Draw = ({ main, second, ink }) =>
  rect(192, 250, 16, 50, ink, 0) +
  rect(138, 160, 124, 96, main, 4) +
  shape('M116 168 L200 90 L284 168Z', second) +
  oval(200, 204, 22, 22, ink) +
  line('M200 240V252H232', ink, 6)

const seeds: Draw = ({ main, second, ink, wall }) =>
  rect(126, 110, 148, 190, main, 6) +
  rect(126, 110, 148, 26, ink, 6) +
  line('M200 270V200', ink, 6) +
  [0, 60, 120, 180, 240, 300].map((angle) => turned(angle, 200, 188, oval(200, 164, 11, 20, second))).join('') +
  oval(200, 188, 12, 12, wall)

export const garden: readonly Entry[] = [
  [lantern, 'lantern'],
  [trowel, 'trowel'],
  [wateringCan, 'watering can'],
  [twine, 'twine', 'yarn'],
  [birdhouse, 'bird feeder', 'birdhouse'],
  [seeds, 'seeds'],
  [plant, 'pot', 'plant', 'planter'],
]
