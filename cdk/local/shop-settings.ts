/** What a synthesised shop says of itself: read from its templates, since the stages' own module loads all of CDK. */
import * as z from 'zod/mini'
import { readAssembly } from './assembly.ts'
import { objectOf, StartError } from './json.ts'

const Environment = z.object({ SHOP_NAME: z.string(), SHOP_PREFIX: z.string(), SHOP_CURRENCY: z.string() })

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
      const found = z.safeParse(Environment, objectOf(properties.Environment).Variables)
      if (found.success)
        return { name: found.data.SHOP_NAME, prefix: found.data.SHOP_PREFIX, currency: found.data.SHOP_CURRENCY }
    }
  throw new StartError(`${assembly} holds no shop`)
}
