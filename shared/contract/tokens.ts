/** What issuer, gateway and functions must agree on about access tokens. */

/** The `aud` of the shop's access tokens. */
export const tokenAudience = 'shop'

/** The scope that a route asks for: everyone's token has `shop`, staff's `staff` besides. */
export const scopes = { shopper: 'shop', customer: 'shop', staff: 'staff' } as const
