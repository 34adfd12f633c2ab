/** For bed and bath. Pure. */
import { type Draw, type Entry, line, oval, rect, shape } from './strokes.ts'

const folded: Draw = ({ main, second, ink }) =>
  rect(90, 262, 220, 38, main, 16) +
  rect(96, 226, 208, 38, second, 16) +
  rect(90, 190, 220, 38, main, 16) +
  line('M110 208H260M116 245H266M110 282H260', ink, 2)

const pillow: Draw = ({ main, second, ink }) =>
  shape('M84 206 Q200 168 316 206 Q336 250 316 294 Q200 308 84 294 Q64 250 84 206Z', main) +
  line('M272 196 Q288 250 272 298', second, 5) +
  line('M290 202V296', ink, 2)

const fringed: Draw = ({ main, second, ink }) =>
  rect(96, 150, 208, 70, second, 14) +
  rect(88, 196, 224, 84, main, 14) +
  line('M88 222H312M88 250H312', second, 6) +
  line(
    'M104 282V298M128 282V298M152 282V298M176 282V298M200 282V298M224 282V298M248 282V298M272 282V298M296 282V298',
    ink,
    4,
  )

const towelOnRail: Draw = ({ main, second, ink }) =>
  line('M92 116H308', ink, 10) +
  rect(132, 110, 136, 178, main, 6) +
  rect(132, 240, 136, 22, second, 0) +
  line('M150 136V226M176 136V226M200 136V226M224 136V226M250 136V226', second, 3)

const hotWaterBottle: Draw = ({ main, second, ink }) =>
  rect(184, 84, 32, 42, ink, 8) +
  shape('M176 118 H224 Q226 140 264 160 V272 Q264 300 236 300 H164 Q136 300 136 272 V160 Q174 140 176 118Z', main) +
  line('M160 180V270M186 176V278M214 176V278M240 180V270', second, 6)

const sachets: Draw = ({ main, second, ink }) =>
  [70, 158, 246]
    .map(
      (x, index) =>
        shape(
          `M${x + 26} 214 L${x + 14} 184 H${x + 70} L${x + 58} 214 Q${x + 98} 300 ${x + 72} 300 H${x + 12} Q${x - 14} 300 ${x + 26} 214Z`,
          index === 1 ? second : main,
        ) + line(`M${x + 24} 214 H${x + 60}`, ink, 6),
    )
    .join('')

const soap: Draw = ({ main, second, wall }) =>
  rect(104, 226, 192, 74, main, 30) +
  rect(144, 246, 112, 32, second, 14) +
  oval(262, 186, 18, 18, second) +
  oval(232, 152, 12, 12, second) +
  oval(256, 180, 5, 5, wall)

const brush: Draw = ({ main, second, ink }) =>
  rect(84, 216, 232, 30, main, 15) +
  line('M250 231H300', second, 6) +
  line('M104 250V296M122 250V300M140 250V296M158 250V300M176 250V296M194 250V300', ink, 9)

const mat: Draw = ({ main, second, ink }) =>
  shape('M112 226 H288 L338 300 H62Z', main) + line('M124 238H276L312 288H88Z', second, 5) + line('M62 300H338', ink, 6)

const mirror: Draw = ({ main, second, wall, ink }) =>
  line('M200 250V290', ink, 12) +
  oval(200, 294, 62, 12, ink) +
  oval(200, 170, 88, 88, main) +
  oval(200, 170, 72, 72, wall) +
  line('M160 182L208 124M184 204L240 138', second, 6)

const caddy: Draw = ({ main, second, ink }) =>
  line('M200 84V130', ink, 8) +
  line('M110 130H290V300H110Z', main, 10) +
  line('M110 214H290', main, 10) +
  rect(136, 156, 34, 56, second, 8) +
  rect(190, 142, 40, 70, ink, 10) +
  rect(142, 258, 96, 36, second, 12)

export const bedAndBath: readonly Entry[] = [
  [folded, 'duvet cover', 'bed linen', 'bedding'],
  [pillow, 'pillowcase', 'pillow'],
  [fringed, 'blanket', 'throw'],
  [towelOnRail, 'towel', 'towels'],
  [hotWaterBottle, 'hot water bottle'],
  [sachets, 'sachets', 'pouch'],
  [soap, 'soap'],
  [brush, 'brush'],
  [mat, 'mat', 'rug'],
  [mirror, 'mirror'],
  [caddy, 'caddy', 'shelf'],
]
