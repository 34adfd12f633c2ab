/** What a synthesised shop says of itself: read from its templates, since the stages' own module loads all of CDK. */
import * as z from 'zod/mini'
import { StartError } from '../../local/start-error.ts'
import { readAssembly } from '../../local/template/assembly.ts'

const Variables = z.object({ SHOP_NAME: z.string(), SHOP_PREFIX: z.string(), SHOP_CURRENCY: z.string() })
const FunctionOfShop = z.object({ Environment: z.object({ Variables }) })

export type ShopSettings = {
  name: string
  /** Begins every deployed name: `shop-dev`. */
  prefix: string
  /** ISO 4217. */
  currency: string
}

/**
 * @param assembly the folder that CDK synthesised
 * @throws StartError where none of its functions is a shop's
 */
export const readShopSettings = (assembly: string): ShopSettings => {
  for (const { resources } of readAssembly(assembly).stacks)
    for (const { type, properties } of resources.values()) {
      if (type !== 'AWS::Lambda::Function') continue
      const { data } = z.safeParse(FunctionOfShop, properties)
      if (data === undefined) continue
      const { SHOP_NAME: name, SHOP_PREFIX: prefix, SHOP_CURRENCY: currency } = data.Environment.Variables
      return { name, prefix, currency }
    }
  throw new StartError(`${assembly} holds no shop`)
}
