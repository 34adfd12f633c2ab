/** What there is at a path, whatever the method: for requests that no route of the gateway takes. */
import type { EndpointDeclaration, ServiceDeclaration } from '../../shared/contract/endpoint.ts'

type Known = { method: string; segments: readonly string[] }

const segmentsOf = (path: string): string[] => path.split('/').slice(1)

const fits = (template: readonly string[], path: readonly string[]): boolean =>
  template.length === path.length &&
  template.every((segment, index) => (segment.startsWith('{') ? path[index] !== '' : segment === path[index]))

/** @returns for a path (decoded) the methods that it has; none where there is nothing */
export const knownPaths = (services: readonly ServiceDeclaration[]) => {
  const known = services
    .flatMap(({ endpoints }) => Object.values<EndpointDeclaration>(endpoints))
    .filter(({ method }) => method !== 'ANY')
    .map(({ method, path }): Known => ({ method, segments: segmentsOf(path) }))
  return (path: string): string[] => {
    const segments = segmentsOf(path)
    const methods = known.filter((one) => fits(one.segments, segments)).map(({ method }) => method)
    return [...new Set(methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])))]
  }
}
