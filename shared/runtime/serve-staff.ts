/**
 * Wraps an endpoint that staff alone may call, or that does more for them: as `serve`, and asks identity whether they are still
 * staff. Apart, since asking brings along what signs requests to AWS, which weighs as much as a whole function.
 */
import type { EndpointDeclaration } from '../contract/endpoint.ts'
import type { Makers } from './instance.ts'
import { type HandleWith, type KeyMaker, type MakersFor, server } from './serve.ts'
import { stillStaff } from './staff-check.ts'

/** @param makers of the parts that it needs: they are made at the first request, so that an instance starts with little */
export const serveStaff = <E extends EndpointDeclaration, M extends Makers & KeyMaker>(
  endpoint: E,
  makers: MakersFor<E, M>,
  handle: HandleWith<E, M>,
) => server<E, M>(endpoint, makers, handle, () => stillStaff())
