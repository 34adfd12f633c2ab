/** A route as its key says: `GET /orders/{orderId}`, `ANY /{proxy+}` or `$default`. */
export type RouteKey = { method: string; segments: string[] } | '$default'

export type Match<Route> = { route: Route; pathParameters: { [name: string]: string } }

export const parseRouteKey = (key: string): RouteKey => {
  if (key === '$default') return '$default'
  const [method = '', path = ''] = key.split(' ')
  return { method, segments: path.split('/').slice(1) }
}

const isGreedy = (segment: string): boolean => segment.startsWith('{') && segment.endsWith('+}')
const isParameter = (segment: string): boolean => segment.startsWith('{')

/** 0 for a fixed segment, 1 for a parameter, 2 for a greedy one. */
const rank = (segment: string | undefined): number =>
  segment === undefined ? 3 : isGreedy(segment) ? 2 : isParameter(segment) ? 1 : 0

type Entry<Route> = { method: string; segments: string[]; route: Route }

const moreSpecific = <Route>(a: Entry<Route>, b: Entry<Route>): number => {
  for (let index = 0; index < Math.max(a.segments.length, b.segments.length); index++) {
    const difference = rank(a.segments[index]) - rank(b.segments[index])
    if (difference !== 0) return difference
  }
  return Number(a.method === 'ANY') - Number(b.method === 'ANY')
}

const matchSegments = (pattern: string[], path: string[]): { [name: string]: string } | undefined => {
  const parameters: { [name: string]: string } = {}
  for (const [index, segment] of pattern.entries()) {
    const value = path[index]
    if (value === undefined) return undefined
    if (isGreedy(segment)) {
      const rest = path.slice(index).join('/')
      if (rest === '') return undefined
      parameters[segment.slice(1, -2)] = rest
      return parameters
    }
    if (!isParameter(segment)) {
      if (segment !== value) return undefined
    } else if (value === '') return undefined
    else parameters[segment.slice(1, -1)] = value
  }
  return pattern.length === path.length ? parameters : undefined
}

/**
 * Finds the route of a request as API Gateway does: a fixed path before one with parameters before a greedy one
 * before `$default`; of the same path, the method itself before ANY. Paths are compared decoded.
 */
export const routeTable = <Route>(routes: { key: string; route: Route }[]) => {
  let fallback: Route | undefined
  const entries: Entry<Route>[] = []
  for (const { key, route } of routes) {
    const parsed = parseRouteKey(key)
    if (parsed === '$default') fallback = route
    else entries.push({ ...parsed, route })
  }
  entries.sort(moreSpecific)
  return (method: string, path: string): Match<Route> | undefined => {
    const segments = path.split('/').slice(1)
    for (const entry of entries) {
      if (entry.method !== method && entry.method !== 'ANY') continue
      const pathParameters = matchSegments(entry.segments, segments)
      if (pathParameters !== undefined) return { route: entry.route, pathParameters }
    }
    return fallback === undefined ? undefined : { route: fallback, pathParameters: {} }
  }
}
