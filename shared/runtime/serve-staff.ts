/**
 * Wraps an endpoint that staff alone may call, or that does more for them: as `serve`, and asks identity whether they are still
 * staff. Apart, since asking brings along what signs requests to AWS, which weighs as much as a whole function.
 */
import type { EndpointDeclaration } from '../contract/endpoint.ts'
import type { Makers } from './instance.ts'
import type { Handle, HandleWith, KeyMaker, KeyTable, MakersFor, Server } from './serve.ts'
import { serverOf } from './serve.ts'
import { stillStaff } from './standing.ts'
import type { Table } from './table.ts'

/** @param makers of the parts that it needs: they are made at the first request, so that an instance starts with little */
export function serveStaff<E extends EndpointDeclaration, M extends Makers & KeyMaker>(
  endpoint: E,
  makers: MakersFor<E, M>,
  handle: HandleWith<E, M>,
): Server<E, M>
export function serveStaff<E extends EndpointDeclaration>(
  endpoint: E,
  build: () => Handle<E>,
  ...rest: KeyTable<E>
): Server<E, Makers>
export function serveStaff<E extends EndpointDeclaration>(
  endpoint: E,
  given: (Makers & KeyMaker) | (() => Handle<E>),
  rest?: HandleWith<E, Makers> | (() => Table),
) {
  return serverOf(endpoint, given, rest, () => stillStaff())
}
