/** The function's environment, read in one place. Everything in it comes from the stack; nothing in it is secret. */

/** @throws Error naming the variable when the stack did not set it: a mistake in the stack, found at the first request. */
export const setting = (name: string): string => {
  const value = process.env[name]
  if (value === undefined || value === '') throw new Error(`the environment variable ${name} is not set`)
  return value
}

/** @returns undefined where the stack leaves it out: what it would limit has its default, or none */
export const optionalSetting = (name: string): string | undefined => process.env[name] || undefined

/** How this shop is configured; the same for all functions of a stage. */
export type ShopSettings = {
  name: string
  /** ISO 4217; the only currency that this shop sells in. */
  currency: string
  /** true: catalogue prices include tax; false: tax is added at checkout. */
  pricesIncludeTax: boolean
}

export const shopSettings = (): ShopSettings => ({
  name: setting('SHOP_NAME'),
  currency: setting('SHOP_CURRENCY'),
  pricesIncludeTax: setting('SHOP_PRICES_INCLUDE_TAX') === 'true',
})
