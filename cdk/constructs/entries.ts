/** Where the code of each declared function stands: found by name alone, so a contract entry without its file cannot build. */
import { globSync } from 'node:fs'
import {
  type ConsumerDeclaration,
  type EndpointDeclaration,
  type FunctionNeeds,
  kebab,
  type ProcedureDeclaration,
  type ProjectionDeclaration,
  type ScheduleDeclaration,
  type ServiceDeclaration,
  type TaskDeclaration,
} from '../../shared/contract/endpoint.ts'
import { projectRoot } from './project.ts'

export const relayEntry = 'shared/runtime/relay-function.ts'

type Named<Kind extends string, Declaration extends FunctionNeeds> = {
  kind: Kind
  /** As the function's file and the end of its deployed name: `place-order`. */
  name: string
  /** Path of the file relative to the project. */
  entry: string
  declaration: Declaration
}

export type FunctionEntry =
  | Named<'endpoint', EndpointDeclaration>
  | Named<'procedure', ProcedureDeclaration>
  | Named<'consumer', ConsumerDeclaration>
  | Named<'projection', ProjectionDeclaration>
  | Named<'task', TaskDeclaration>
  | Named<'schedule', ScheduleDeclaration>

/** Every function's file by service, kind and name: it stands in the service's own folder, or in that of one of its capabilities. */
const files = new Map(
  globSync('functions/*/{,*/,*/*/}{endpoints,procedures,consumers,projections,tasks,schedules}/*.ts', {
    cwd: projectRoot,
  }).map((path) => {
    const [, service, ...rest] = path.split('/')
    return [[service, ...rest.slice(-2)].join('/'), path] as const
  }),
)

const fileOf = (service: string, folder: string, name: string): string =>
  files.get(`${service}/${folder}/${name}.ts`) ?? `functions/${service}/${folder}/${name}.ts`

const entriesIn = <const Kind extends FunctionEntry['kind'], D extends FunctionNeeds>(
  service: ServiceDeclaration,
  kind: Kind,
  folder: string,
  declarations: Readonly<Record<string, D>> = {},
): Named<Kind, D>[] =>
  Object.entries(declarations).map(([key, declaration]) => {
    const name = kebab(key)
    return { kind, name, entry: fileOf(service.name, folder, name), declaration }
  })

/** Every function of a service but its relay. */
export const entriesOf = (service: ServiceDeclaration): FunctionEntry[] => [
  ...entriesIn(service, 'endpoint', 'endpoints', service.endpoints),
  ...entriesIn(service, 'procedure', 'procedures', service.procedures),
  ...entriesIn(service, 'consumer', 'consumers', service.consumers),
  ...entriesIn(service, 'projection', 'projections', service.projections),
  ...entriesIn(service, 'task', 'tasks', service.tasks),
  ...entriesIn(service, 'schedule', 'schedules', service.schedules),
]
