/** What there is of a service to watch. */
import type { ITable } from 'aws-cdk-lib/aws-dynamodb'
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import type { ServiceDeclaration } from '../../../shared/contract/endpoint.ts'
import type { FunctionEntry } from '../entries.ts'
import type { Stage } from '../stage.ts'

/** What starts a function. */
export type Trigger = {
  readonly queue?: IQueue
  readonly deadLetters?: IQueue
  readonly readsStream?: true
  readonly hearsEvents?: true
}

/** The function itself, not the alias before it: AWS measures by function. */
export type WatchedFunction = {
  /** The last part of its deployed name. */
  name: string
  kind: FunctionEntry['kind'] | 'relay'
  lambda: LambdaFunction
  trigger: Trigger
}

export type Watched = {
  stage: Stage
  service: ServiceDeclaration
  table?: ITable | undefined
  /** Further ones, by name. */
  tables: ReadonlyMap<string, ITable>
  functions: readonly WatchedFunction[]
}

/** By the name of the function that works them off. */
export const queuesOf = ({ functions }: Watched): [string, IQueue][] =>
  functions.flatMap(({ name, trigger: { queue } }) => (queue ? [[name, queue]] : []))

/** By the name of the function whose failures they hold. */
export const deadLettersOf = ({ functions }: Watched): [string, IQueue][] =>
  functions.flatMap(({ name, trigger: { deadLetters } }) => (deadLetters ? [[name, deadLetters]] : []))

/** Those that the bus invokes. */
export const consumersOf = ({ functions }: Watched): WatchedFunction[] =>
  functions.filter(({ trigger }) => trigger.hearsEvents === true)

/** Those that read the table's stream. */
export const readersOf = ({ functions }: Watched): WatchedFunction[] =>
  functions.filter(({ trigger }) => trigger.readsStream === true)
