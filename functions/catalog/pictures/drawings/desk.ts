/** For the desk. Pure. */
import { type Draw, type Entry, line, oval, rect, shape, turned } from './strokes.ts'

const notebook: Draw = ({ main, second, ink }) =>
  rect(126, 110, 160, 190, ink, 8) +
  rect(116, 106, 160, 190, main, 8) +
  rect(240, 106, 12, 190, second, 0) +
  rect(140, 146, 78, 34, second, 4)

const planner: Draw = (palette, next) =>
  notebook(palette, next) + line('M108 130H130M108 165H130M108 200H130M108 235H130M108 270H130', palette.ink, 6)

const pencils: Draw = ({ main, second, ink }) =>
  [112, 142, 172, 202, 232, 262]
    .map((x, index) => {
      const top = 118 + (index % 3) * 12
      const colour = index % 2 === 0 ? main : second
      return (
        shape(`M${x} ${top + 34} L${x + 12} ${top} L${x + 24} ${top + 34}Z`, '#f4e3c8') +
        shape(`M${x + 8} ${top + 12} L${x + 12} ${top} L${x + 16} ${top + 12}Z`, ink) +
        rect(x, top + 34, 24, 266 - top, colour, 0)
      )
    })
    .join('') + rect(104, 236, 190, 64, ink, 6)

const pen: Draw = ({ main, second, ink }) =>
  turned(
    32,
    200,
    200,
    rect(184, 92, 32, 160, main, 10) + rect(184, 150, 32, 10, second, 0) + shape('M186 250 H214 L200 298Z', ink),
  ) + line('M86 296 Q130 268 160 292', ink, 3)

const envelopes: Draw = ({ main, second, ink }) =>
  turned(-7, 200, 220, rect(96, 140, 200, 130, second, 6)) +
  rect(104, 164, 200, 136, main, 6) +
  line('M108 170 L204 244 L300 170', ink, 4)

const ring: Draw = ({ main, second, wall, ink }) =>
  oval(200, 216, 84, 84, main) +
  oval(200, 216, 62, 62, second) +
  oval(200, 216, 44, 44, wall) +
  line('M282 230 L322 296 L300 300', ink, 5)

const rolls: Draw = ({ main, second, ink }) =>
  [
    { angle: -16, colour: main },
    { angle: 2, colour: second },
    { angle: 20, colour: ink },
  ]
    .map(({ angle, colour }) =>
      turned(
        angle,
        200,
        296,
        rect(180, 96, 40, 204, colour, 6) + line('M184 130 L216 150M184 180 L216 200M184 230 L216 250', '#fff', 3),
      ),
    )
    .join('')

const pad: Draw = ({ main, second, ink }) =>
  shape('M96 240 H304 L344 300 H56Z', main) +
  line('M116 252H284L308 288H92Z', second, 4) +
  line('M210 234 L262 190', ink, 9)

const scissors: Draw = ({ main, second, ink }) =>
  line('M150 258 L236 96M250 258 L164 96', second, 14) +
  line(
    'M150 258 m-28 0 a28 28 0 1 0 56 0 a28 28 0 1 0 -56 0M250 258 m-28 0 a28 28 0 1 0 56 0 a28 28 0 1 0 -56 0',
    main,
    13,
  ) +
  oval(200, 164, 8, 8, ink)

export const desk: readonly Entry[] = [
  [notebook, 'notebook', 'book'],
  [planner, 'planner', 'diary'],
  [pencils, 'pencils', 'pencil'],
  [pen, 'pen'],
  [envelopes, 'cards', 'card', 'envelopes'],
  [ring, 'tape'],
  [rolls, 'wrapping paper', 'poster'],
  [pad, 'desk pad'],
  [scissors, 'scissors', 'secateurs'],
]
