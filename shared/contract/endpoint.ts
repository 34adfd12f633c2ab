/**
 * What a function is, said once. `endpoint`, `procedure`, `consumer`, `projection`, `task` and `schedule` only type a literal;
 * the runtime wrappers, the CDK constructs, the OpenAPI writer, the typed client and the tests read it.
 */
import type * as z from 'zod/mini'
import type { EventDeclaration } from './event.ts'
import type { MetricDeclaration } from './metric.ts'

/**
 * `anyone` needs no token, `shopper` any token (guest, customer, staff), `customer` that of an account (customer, staff),
 * `staff` the staff scope and role.
 */
export type CallerKind = 'anyone' | 'shopper' | 'customer' | 'staff'

/** The item-level DynamoDB actions that a function performs on its own service's table: exactly these are granted. */
export type TableAction =
  | 'GetItem'
  | 'BatchGetItem'
  | 'Query'
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem'
  | 'ConditionCheckItem'

/** Seconds that a function has, unless it says otherwise: below the gateway's 30, so that it is the function that answers. */
export const defaultTimeoutSeconds = 20

/** An event, or a scheduled run, is tried so many times in all, one and two minutes later, before it is a dead letter. */
export const asyncAttempts = 3

/** Hours after which an event is a dead letter that was never run, since too many others ran. AWS has no more. */
export const maxEventAgeHours = 6

/** A task's message is given to its function so many times before it lies in the dead-letter queue. */
export const maxReceiveCount = 10

/** Seconds that a task's message waits before it comes again after a failure: six time-outs, as AWS advises. */
export const visibilitySecondsOf = ({
  timeoutSeconds = defaultTimeoutSeconds,
}: Pick<FunctionNeeds, 'timeoutSeconds'>) => timeoutSeconds * 6

export type ObjectSchema = z.ZodMiniObject

/** What every function may say of its needs; limits have defaults that suit most. */
export type FunctionNeeds = {
  /** One line for the documentation. */
  summary: string
  table?: readonly TableAction[]
  /** The same on further tables of its service, by their names. */
  tables?: Readonly<Record<string, readonly TableAction[]>>
  /** Procedures of other services that it calls. */
  calls?: readonly ProcedureDeclaration[]
  /** Names of tasks of its own service that it puts messages aside for. */
  defers?: readonly string[]
  /** Names of further resources; the service's stack says what each grants. */
  uses?: readonly string[]
  memoryMegabytes?: number
  timeoutSeconds?: number
}

/** One route of the public API, served by one function. */
export type EndpointDeclaration = FunctionNeeds & {
  /** `ANY` is for the one route that answers what no other does; it stands in no document. */
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'ANY'
  /** Path with parameters in braces: `/orders/{orderId}`. */
  path: `/${string}`
  caller: CallerKind
  /** For others than staff as well, and staff see or do more: whether the caller is staff is looked up, and `caller.staff` is known. */
  forStaff?: true
  /** The function itself checks whether the caller is staff, in its own table. */
  staffCheck?: 'in-function'
  params?: ObjectSchema
  query?: ObjectSchema
  /** The JSON body; `rawBody` (a size limit in bytes) hands over the text unparsed, for signed requests. */
  body?: z.ZodMiniType
  rawBody?: number
  success: { status: 200 | 201 | 202 | 204 | 308; body?: z.ZodMiniType; contentType?: string | readonly string[] }
  /** Problem codes of its own, with their HTTP status. Those that any endpoint may answer are not repeated. */
  problems?: Readonly<Record<string, number>>
  idempotency?: 'required' | 'honoured'
  /** What is made gets its id of the idempotency key and holds the hash of the request: no record of the key stands beside it. */
  keyMakesId?: true
}

/**
 * The gateway's route keys of an endpoint. What can be read can be asked for its header fields (RFC 9110 9.3.2), which the
 * gateway routes apart; what answers all else is its default.
 */
export const routeKeysOf = ({ method, path }: Pick<EndpointDeclaration, 'method' | 'path'>): string[] => {
  if (method === 'ANY') return ['$default']
  return method === 'GET' ? [`GET ${path}`, `HEAD ${path}`] : [`${method} ${path}`]
}

/** A call between services that must answer now: a function without a route, invoked directly. */
export type ProcedureDeclaration = FunctionNeeds & {
  service: string
  name: string
  input: z.ZodMiniType
  output: z.ZodMiniType
}

/** Reacts to events: invoked with one at a time. */
export type ConsumerDeclaration = FunctionNeeds & { on: readonly EventDeclaration[] }

/** Keeps a view of its own table's items: it is told, by the table's stream, which of them were written. */
export type ProjectionDeclaration = FunctionNeeds & {
  /** The sort key of the items whose writes it is told of: other writes start no function. */
  of: string
  /** Seconds that writes may wait for others, at most 300: several writes of one item are one piece of work. */
  maxBatchingSeconds?: number
}

/** Works off messages that its own service puts aside for later, through a queue of its own. */
export type TaskDeclaration = FunctionNeeds & {
  message: z.ZodMiniType
  /** Seconds before a message is worked off, at most 900. */
  delaySeconds: number
}

/** Runs by the clock. */
export type ScheduleDeclaration = FunctionNeeds & { everyMinutes: number }

/** What a service holds of people, and what of it stays when a person is erased: a line each, for people to read. */
export type PersonalData = {
  held: string
  /** What the law wants kept, and why. Names nobody any more. */
  kept?: string
}

type Declarations<D> = Readonly<Record<string, D>>

/** A service that holds personal data gives it out and erases it: see personal-data.ts. */
type HoldsPersonalData = {
  personalData: PersonalData
  procedures: Declarations<ProcedureDeclaration> & { exportPerson: ProcedureDeclaration }
  consumers: Declarations<ConsumerDeclaration> & { erasePerson: ConsumerDeclaration }
  events: Declarations<EventDeclaration> & { personErased: EventDeclaration }
}

type HoldsNone = {
  personalData: 'none'
  procedures?: Declarations<ProcedureDeclaration>
  consumers?: Declarations<ConsumerDeclaration>
  events?: Declarations<EventDeclaration>
}

export type SecondTable = { indexes: 0 }

/** All that a service shows of itself: what the stacks, the documents and the tests are made from. */
export type ServiceDeclaration = (HoldsPersonalData | HoldsNone) & {
  name: string
  summary: string
  /** Global secondary indexes `gsi1`, `gsi2`, … with keys `gsi1pk`, `gsi1sk`. What they mean is in the service's table.ts. */
  table?: {
    indexes: number
    /** Indexes (1, 2, …) that hold keys only: a write that leaves those as they are costs the index nothing. */
    keysOnly?: readonly number[]
  }
  /**
   * Further tables, by name, for what must not share a table's limits with the rest. They have no stream: nothing leaves them as an
   * event, and no projection hears of them.
   */
  tables?: Declarations<SecondTable>
  endpoints: Declarations<EndpointDeclaration>
  /** At most one: a stream has two readers at most, and the relay is the other. */
  projections?: Declarations<ProjectionDeclaration>
  tasks?: Declarations<TaskDeclaration>
  schedules?: Declarations<ScheduleDeclaration>
  /** What it counts beside what every service does (metric.ts). */
  metrics?: Declarations<MetricDeclaration>
}

export const endpoint = <const E extends EndpointDeclaration>(declaration: E): E => declaration
export const procedure = <const P extends ProcedureDeclaration>(declaration: P): P => declaration
export const consumer = <const C extends ConsumerDeclaration>(declaration: C): C => declaration
export const projection = <const P extends ProjectionDeclaration>(declaration: P): P => declaration
export const task = <const T extends TaskDeclaration>(declaration: T): T => declaration
export const schedule = <const S extends ScheduleDeclaration>(declaration: S): S => declaration
export const service = <const S extends ServiceDeclaration>(declaration: S): S => declaration

/** The deployed name of a procedure's function; the same in every stack that calls it. */
export const functionNameOf = (prefix: string, called: Pick<ProcedureDeclaration, 'service' | 'name'>): string =>
  `${prefix}-${called.service}-${called.name}`

/** The environment variable that tells a function the name of a further table. */
export const tableVariable = (name: string): string => `${name.toUpperCase()}_TABLE_NAME`

/** `placeOrder` -> `place-order`: the name of the function's file and the last part of its deployed name. */
export const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
