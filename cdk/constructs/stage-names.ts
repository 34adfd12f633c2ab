/** Whether what a stage names is there: its functions, its routes, its tables. */
import { issuer } from '../../functions/issuer/contract.ts'
import type { ServiceDeclaration } from '../../shared/contract/endpoint.ts'
import { entriesOf, type FunctionEntry } from './entries.ts'
import type { Stage } from './stage.ts'

/**
 * @throws Error that names each field whose function, route or table is not there; or is a procedure, which other services call by
 * its name alone, so that they would go on calling its newest version at once
 */
export const checkNames = (stage: Stage, services: readonly ServiceDeclaration[]): void => {
  const kinds = new Map<string, FunctionEntry['kind']>(
    services.flatMap((service) =>
      entriesOf(service).map(({ kind, name }) => [`${service.name}/${name}`, kind] as const),
    ),
  )
  const ofIssuer = new Set(entriesOf(issuer).map(({ name }) => `${issuer.name}/${name}`))
  const routes = new Set<string>(
    services.flatMap(({ endpoints }) => Object.values(endpoints).map(({ method, path }) => `${method} ${path}`)),
  )
  const faultOf = (field: string, name: string): string[] => {
    const kind = kinds.get(name)
    if (kind === undefined) return [`${field}: there is no function ${name}`]
    return kind === 'procedure' ? [`${field}: ${name} is a procedure, which is called without an alias`] : []
  }
  const faults = [
    ...Object.keys(stage.logLevels).flatMap((name) =>
      kinds.has(name) ? [] : [`logLevels: there is no function ${name}`],
    ),
    ...stage.gradual.flatMap((name) => faultOf('gradual', name)),
    ...Object.keys(stage.provisionedConcurrency).flatMap((name) => faultOf('provisionedConcurrency', name)),
    ...Object.keys(stage.reservedConcurrency).flatMap((name) =>
      kinds.has(name) || ofIssuer.has(name) ? [] : [`reservedConcurrency: there is no function ${name}`],
    ),
    ...Object.keys(stage.throttle.routes).flatMap((route) =>
      routes.has(route) ? [] : [`throttle.routes: there is no route ${route}`],
    ),
    ...Object.keys(stage.throttle.tables).flatMap((path) =>
      services.some(({ name, tables = {} }) => Object.keys(tables).some((table) => path === `${name}/${table}`))
        ? []
        : [`throttle.tables: there is no table ${path}`],
    ),
    ...(['restoredTables', 'provisionedCapacity'] as const).flatMap((field) =>
      Object.keys(stage[field]).flatMap((name) =>
        services.some((service) => service.name === name && service.table) ? [] : [`${field}: ${name} has no table`],
      ),
    ),
    ...(stage.serviceDashboards === 'all' ? [] : stage.serviceDashboards).flatMap((name) =>
      services.some((service) => service.name === name) ? [] : [`serviceDashboards: there is no service ${name}`],
    ),
  ]
  if (faults.length > 0)
    throw new Error(`stage ${stage.name} cannot be built\n${faults.map((f) => `  ${f}`).join('\n')}`)
}
