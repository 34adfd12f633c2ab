import { retryOnConflict } from '../../../shared/runtime/retry-on-conflict.ts'
import { personIsErased, serve } from '../../../shared/runtime/serve.ts'
import { endpoints } from '../contract.ts'
import { isOpenTo, myCartId } from '../domain.ts'
import * as parts from '../parts.ts'
import { answerWithLevels } from '../view.ts'

/** A customer has one cart of their own, under an id that follows from theirs; whichever device asks first makes it. */
export const handler = serve(
  endpoints.readMyCart,
  { carts: parts.carts, levelsOf: parts.levelsOf, currency: parts.currency },
  function readMyCart({ caller }, { carts, levelsOf, currency }) {
    return retryOnConflict(async () => {
      const id = myCartId(caller.id)
      const mine = await carts.get(id)
      const cart = mine?.mergedInto === undefined ? mine : await carts.get(mine.mergedInto)
      if (isOpenTo(cart, caller.id)) return answerWithLevels(cart, levelsOf)
      const opened = await carts.open({ id, ownerId: caller.id, currency, lines: [] }, mine)
      if (opened === 'erased') return personIsErased()
      return opened === 'raced' ? undefined : answerWithLevels(opened, levelsOf)
    })
  },
)
