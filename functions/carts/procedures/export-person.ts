import { provide } from '../../../shared/runtime/call.ts'
import { exportPage } from '../../../shared/runtime/export.ts'
import * as published from '../../published/carts.ts'
import * as parts from '../parts.ts'
import { viewOf } from '../view.ts'

const cartsPerPage = 25

export const handler = provide(
  published.exportPerson,
  { carts: parts.carts },
  function exportPerson(person, { carts }) {
    return exportPage(person, {
      cart: async (userId, after) => {
        const page = await carts.pageOfOwner(userId, after, cartsPerPage)
        return { entries: page.carts.map((cart) => ({ at: cart.id, record: viewOf(cart) })), more: page.more }
      },
    })
  },
)
