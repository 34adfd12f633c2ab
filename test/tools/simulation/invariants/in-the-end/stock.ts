/** S2, S3: stock is what its history says, and no reservation is left open. */
import type { Json } from '../../cloud/http.ts'
import type { Broken, End } from '../../world/final-state.ts'
import { byKey, sum } from './items.ts'

export const brokenStock = ({ inventory }: End): Broken[] => {
  const reservations = byKey(inventory, 'reservation')
  const held = (reservation: Json): Json[] => reservation.lines.slice(0, reservation.held)
  const unitsOf = (sku: string, lines: readonly Json[]) =>
    sum(lines.filter((line) => line.sku === sku).map(({ quantity }) => quantity))
  const stock = byKey(inventory, 'stock').flatMap((item): Broken[] => {
    const movements = inventory.filter(({ pk, sk }) => pk === item.pk && sk.startsWith('movement#'))
    const moved = sum(movements.map(({ quantity }) => quantity))
    const reserved = sum(reservations.map((reservation) => unitsOf(item.sku, held(reservation))))
    const sold = -sum(movements.filter(({ kind }) => kind === 'sale').map(({ quantity }) => quantity))
    const committed = sum(
      reservations.filter(({ state }) => state === 'committed').map(({ lines }) => unitsOf(item.sku, lines)),
    )
    return [
      ...(moved === item.onHand
        ? []
        : [{ invariant: 'S2', detail: `${item.sku}: ${item.onHand} on hand, but its history sums to ${moved}` }]),
      ...(reserved === item.reserved
        ? []
        : [
            {
              invariant: 'S2',
              detail: `${item.sku}: ${item.reserved} reserved, but live reservations hold ${reserved}`,
            },
          ]),
      ...(sold === committed
        ? []
        : [{ invariant: 'S2', detail: `${item.sku}: ${sold} sold, but ${committed} in committed reservations` }]),
    ]
  })
  const unrest = reservations.filter(({ state }) => !['rejected', 'released', 'committed'].includes(state))
  return [
    ...stock,
    ...unrest.map(({ orderId, state }) => ({
      invariant: 'S3',
      detail: `the reservation of ${orderId} stays ${state}`,
    })),
  ]
}
