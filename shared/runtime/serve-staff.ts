/**
 * Wraps an endpoint that staff alone may call, or that does more for them: as `serve`, and asks identity whether they are still
 * staff. Apart, since asking brings along what signs requests to AWS, which weighs as much as a whole function.
 */
import type { EndpointDeclaration } from '../contract/endpoint.ts'
import { now } from './clock.ts'
import { instantiable } from './instance.ts'
import { type Handle, instanceOf, type KeyTable } from './serve.ts'
import { stillStaff } from './standing.ts'

/** @param build makes the handler at the first request, so that an instance starts with what it needs only */
export const serveStaff = <E extends EndpointDeclaration>(endpoint: E, build: () => Handle<E>, ...rest: KeyTable<E>) =>
  instantiable(() => instanceOf(endpoint, build, rest, stillStaff({ now })))
