/** What the shop puts up, counted: it costs by the month, whether anybody comes or not. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { services } from '../../../functions/services.ts'
import type { ServiceDeclaration } from '../../../shared/contract/endpoint.ts'
import type { Json } from '../../support/service.ts'

export type Standing = {
  /** Resources by type, and as `metric` what services count in a month in which nothing goes wrong. */
  resources: ReadonlyMap<string, number>
  /** Queues that a function reads: they are asked for messages all the time. */
  polledQueues: number
}

/** Each service counts its cold starts, and what it declares; money in the one currency of the shop. */
const metricsOf = ({ metrics = {} }: ServiceDeclaration): number => 1 + Object.keys(metrics).length

/** @param assembly the folder that CDK synthesised */
export const countStanding = (assembly: string): Standing => {
  const resources: Json[] = readdirSync(assembly)
    .filter((name) => name.endsWith('.template.json'))
    .flatMap((name) => Object.values(JSON.parse(readFileSync(join(assembly, name), 'utf8')).Resources))
  const counts = new Map<string, number>()
  for (const { Type } of resources) counts.set(Type, (counts.get(Type) ?? 0) + 1)
  counts.set(
    'metric',
    services.reduce((sum, service) => sum + metricsOf(service), 0),
  )
  const isPolled = ({ Type, Properties }: Json): boolean =>
    // A stream's mapping says where in the stream it starts; a queue's cannot.
    Type === 'AWS::Lambda::EventSourceMapping' && Properties.StartingPosition === undefined
  return { resources: counts, polledQueues: resources.filter(isPolled).length }
}
