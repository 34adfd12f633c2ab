import { serve } from '../../../shared/runtime/serve.ts'
import { endpoints } from '../contract.ts'
import * as parts from '../parts.ts'
import { setQuantities } from '../set-quantities.ts'

export const handler = serve(
  endpoints.setLine,
  { carts: parts.carts, quote: parts.quote, levelsOf: parts.levelsOf },
  function setLine({ params: { cartId, sku }, body: { quantity }, caller, ifMatch }, given) {
    return setQuantities(given, { cartId, ownerId: caller.id, ifMatch }, [{ sku, quantity }])
  },
)
