/** Stands in for shared/runtime/settings.ts: many functions share one process here, each with its own environment. */
import type { ShopSettings } from '../../../../../shared/runtime/settings.ts'
import { theInvocation } from '../invocation.ts'

export const setting = (name: string): string => {
  const { environment, functionName } = theInvocation()
  const value = environment[name]
  if (!value) throw new Error(`the environment variable ${name} of ${functionName} is not set`)
  return value
}

export const optionalSetting = (name: string): string | undefined => theInvocation().environment[name] || undefined

export const shopSettings = (): ShopSettings => ({
  name: setting('SHOP_NAME'),
  currency: setting('SHOP_CURRENCY'),
  pricesIncludeTax: setting('SHOP_PRICES_INCLUDE_TAX') === 'true',
})
