/** E1, E2: every event was published and worked off, and what is derived from events says what they said. */
import type { Bus } from '../../cloud/bus.ts'
import type { Json } from '../../cloud/http.ts'
import type { Queues } from '../../cloud/queues.ts'
import type { Broken, End } from '../../world/final-state.ts'
import type { Observer } from '../every-step/observer.ts'
import { byKey } from './items.ts'

export const brokenEvents = (observer: Observer, bus: Bus, queues: Queues): Broken[] => [
  ...[...observer.events].flatMap(([name, id]) =>
    bus.published.has(id) ? [] : [{ invariant: 'E1', detail: `${name} was written and never published` }],
  ),
  ...[...bus.owed].flatMap((name) =>
    queues.done.has(name) ? [] : [{ invariant: 'E1', detail: `not worked off: ${name.slice(0, 160)}` }],
  ),
  ...queues.deadLetters().map((name) => ({ invariant: 'E1', detail: `stays dead, with nothing failing: ${name}` })),
]

/** E2 where it can be seen in other services: what the catalogue shows is what the stock is, and its lists say so, too. */
export const brokenViews = ({ catalog, inventory }: End): Broken[] =>
  byKey(catalog, 'product').flatMap(({ pk, availability, variants }) =>
    (variants as Json[]).flatMap(({ sku }) => {
      const shown = catalog.find((item) => item.pk === pk && item.sk === `product#availability#${sku}`)?.available ?? 0
      const stock = inventory.find((item) => item.pk === `stock#${sku}` && item.sk === 'stock')
      const listed = (availability[sku]?.available ?? 0) > 0
      return [
        ...(stock && stock.available !== shown
          ? [{ invariant: 'E2', detail: `the catalogue shows ${shown} of ${sku}, there are ${stock.available}` }]
          : []),
        ...(shown > 0 === listed
          ? []
          : [
              {
                invariant: 'E2',
                detail: `${shown} of ${sku} are shown, listed as ${listed ? 'in stock' : 'sold out'}`,
              },
            ]),
      ]
    }),
  )
