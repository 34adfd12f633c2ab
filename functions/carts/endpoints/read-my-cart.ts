import { call } from '../../../shared/runtime/call.ts'
import { now } from '../../../shared/runtime/clock.ts'
import { repeated } from '../../../shared/runtime/repeated.ts'
import { type Answer, type Handle, personIsErased, serve } from '../../../shared/runtime/serve.ts'
import { shopSettings } from '../../../shared/runtime/settings.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { levels } from '../../published/inventory.ts'
import { endpoints } from '../contract.ts'
import { isOpenTo, myCartId } from '../domain.ts'
import { type CartsTable, cartsTable } from '../table.ts'
import { type AskLevels, answerWithLevels, askLevels } from '../view.ts'

type Dependencies = { carts: Pick<CartsTable, 'get' | 'open'>; levelsOf: AskLevels; currency: string }

/** A customer has one cart of their own, under an id that follows from theirs; whichever device asks first makes it. */
export const readMyCart = ({ carts, levelsOf, currency }: Dependencies): Handle<typeof endpoints.readMyCart> => {
  const answer = answerWithLevels(levelsOf)
  return ({ caller }) =>
    repeated<Answer<typeof endpoints.readMyCart>>(async () => {
      const id = myCartId(caller.id)
      const mine = await carts.get(id)
      const cart = mine?.mergedInto === undefined ? mine : await carts.get(mine.mergedInto)
      if (isOpenTo(cart, caller.id)) return answer(cart)
      const opened = await carts.open({ id, ownerId: caller.id, currency, lines: [] }, mine)
      if (opened === 'erased') return personIsErased()
      return opened === 'raced' ? undefined : answer(opened)
    })
}

export const handler = serve(endpoints.readMyCart, () =>
  readMyCart({
    carts: cartsTable({ table: openTable(), now }),
    levelsOf: askLevels(call(levels)),
    currency: shopSettings().currency,
  }),
)
