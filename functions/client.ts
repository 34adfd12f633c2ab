/** The typed client of this shop: every route of its contracts, of which nothing but types comes along. */
import { type Client, type ClientOptions, createClient } from '../shared/client/client.ts'
import type { ShopRoutes } from './services.ts'

export { ShopProblem, ShopUnreachable, type TokenStore, type Tokens, tokensInMemory } from '../shared/client/client.ts'
export type { AnswerOf, Arguments, BodyOf, ItemOf, ProblemOf, RequestOf } from '../shared/client/routes.ts'
export type { ShopRoutes }

export type ShopClient = Client<ShopRoutes>

/** @example openShop({ url: 'https://api.example.com' }).expect('GET /products/{idOrSlug}', { params: { idOrSlug } }) */
export const openShop = (options: ClientOptions): ShopClient => createClient<ShopRoutes>(options)
