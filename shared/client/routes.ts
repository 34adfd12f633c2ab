/** What a client may ask and is answered, inferred from the contracts: nothing is generated, and nothing of them is loaded. */
import type * as z from 'zod/mini'
import type { EndpointDeclaration } from '../contract/endpoint.ts'
import type { CommonProblem, ProblemDocument } from '../contract/problem.ts'

type Declared = { readonly endpoints: Readonly<Record<string, EndpointDeclaration>> }

type EndpointsIn<Service extends Declared> = Service extends Declared
  ? Service['endpoints'][keyof Service['endpoints']]
  : never

/** Every endpoint of some services by its route: `'GET /orders/{orderId}'`. */
export type RoutesOf<Services extends readonly Declared[]> = {
  [E in EndpointsIn<Services[number]> as `${E['method']} ${E['path']}`]: E
}

/** Any set of routes: what a client is made for. */
export type Routes = Readonly<Record<string, EndpointDeclaration>>

type Part<E, Name extends 'params' | 'query' | 'body'> =
  E extends Readonly<Record<Name, infer S extends z.ZodMiniType>> ? z.input<S> : never

/** A part that must be given only where the contract has something in it that must be. */
type Given<Name extends string, T> = [T] extends [never]
  ? { readonly [N in Name]?: undefined }
  : Record<never, never> extends T
    ? { readonly [N in Name]?: T }
    : { readonly [N in Name]: T }

type Options = {
  /** Whose request it is, where not that of the client's tokens: an access token, which is not renewed. */
  readonly token?: string | undefined
  /** `Idempotency-Key`; a POST gets a new one where none is given. Give it to repeat a request that had no answer. */
  readonly key?: string
  /** `If-Match`: the ETag of what the change was made for. */
  readonly ifMatch?: string
  /** `Prefer: wait=N`: seconds, 1 to 20, that an answer may wait for what events decide. */
  readonly waitSeconds?: number
  readonly signal?: AbortSignal
}

/** What goes with a request: path parameters, query and body as the contract says, and what HTTP adds. */
export type RequestOf<E> = Given<'params', Part<E, 'params'>> &
  Given<'query', Part<E, 'query'>> &
  Given<'body', Part<E, 'body'>> &
  Options

/** The request may be left out where nothing in it must be given. */
export type Arguments<E> =
  Record<never, never> extends RequestOf<E> ? [request?: RequestOf<E>] : [request: RequestOf<E>]

type SuccessOf<E> = E extends { readonly success: infer S } ? S : never

/** JSON as the contract describes it; text where it only says of which type; nothing for 204. */
export type BodyOf<E> =
  SuccessOf<E> extends { readonly body: infer S extends z.ZodMiniType }
    ? z.output<S>
    : SuccessOf<E> extends { readonly contentType: string }
      ? string
      : undefined

type OwnProblem<E> = E extends { readonly problems: infer P } ? Extract<keyof P, string> : never

/** Problem codes of an endpoint; `UNAUTHORIZED` stands for the gateway's bare 401. */
export type CodeOf<E> = OwnProblem<E> | CommonProblem | 'UNAUTHORIZED'

/** A problem document whose `code` tells which one: a union that a switch narrows. */
export type ProblemOf<E> = { [Code in CodeOf<E>]: Omit<ProblemDocument, 'code'> & { readonly code: Code } }[CodeOf<E>]

/** An answer: what was asked for, or the problem that stood in its way. */
export type AnswerOf<E> =
  | { readonly ok: true; readonly status: number; readonly headers: Headers; readonly body: BodyOf<E> }
  | { readonly ok: false; readonly status: number; readonly headers: Headers; readonly problem: ProblemOf<E> }

/** Routes that answer by pages: `{data: [...], next_cursor}`. */
export type PagedRoute<R extends Routes> = {
  [Route in keyof R]: BodyOf<R[Route]> extends {
    readonly data: readonly unknown[]
    readonly next_cursor: string | null
  }
    ? Route
    : never
}[keyof R]

/** One of what a page lists. */
export type ItemOf<E> = BodyOf<E> extends { readonly data: readonly (infer Item)[] } ? Item : never
