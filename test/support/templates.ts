/** The synthesised templates of the development stage, as tests look into them. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { prepareAssembly } from '../../cdk/operate/start/prepare.ts'
import type { Json } from './service.ts'

export const assembly = await prepareAssembly()

export const templates = readdirSync(assembly)
  .filter((name) => name.endsWith('.template.json'))
  .map((name) => ({
    name: name.replace('.template.json', ''),
    template: JSON.parse(readFileSync(join(assembly, name), 'utf8')) as Json,
  }))

export type Resource = { stack: string; id: string; Type: string; Properties: Json; DeletionPolicy?: string }

export const resources: Resource[] = templates.flatMap(({ name, template }) =>
  Object.entries<Json>(template.Resources).map(([id, resource]) => ({ stack: name, id, ...resource })),
)

export const ofType = (type: string): Resource[] => resources.filter((resource) => resource.Type === type)

/** A metric that an alarm or a dashboard shows. A dimension's value is text, or the resource of the same stack that it is of. */
export type Shown = { stack: string; namespace: string; name: string; dimensions: Record<string, string | Resource> }

const resourceOf = (stack: string, id: string): Resource => {
  const found = resources.find((resource) => resource.stack === stack && resource.id === id)
  if (!found) throw new Error(`${stack} has no ${id}`)
  return found
}

const dimensionOf = (stack: string, value: Json): string | Resource => {
  const id: unknown = value.Ref ?? value['Fn::GetAtt']?.[0]
  return typeof id === 'string' ? resourceOf(stack, id) : String(value)
}

const shownBy = (stack: string, { Namespace, MetricName, Dimensions = [] }: Json): Shown => ({
  stack,
  namespace: Namespace,
  name: MetricName,
  dimensions: Object.fromEntries(Dimensions.map(({ Name, Value }: Json) => [Name, dimensionOf(stack, Value)])),
})

export const metricsOfAlarm = ({ stack, Properties }: Resource): Shown[] =>
  Properties.Metrics
    ? Properties.Metrics.flatMap(({ MetricStat }: Json) => (MetricStat ? [shownBy(stack, MetricStat.Metric)] : []))
    : [shownBy(stack, Properties)]

/** What stands for a reference while the dashboard's text is read as JSON. */
const mark = 'resource '

export const bodyOfDashboard = ({ Properties }: Resource): Json => {
  const parts: Json[] = [Properties.DashboardBody['Fn::Join']?.[1] ?? Properties.DashboardBody].flat()
  const text = parts.map((part) => (typeof part === 'string' ? part : `${mark}${part.Ref ?? part['Fn::GetAtt']?.[0]}`))
  return JSON.parse(text.join(''))
}

/** The metrics of a dashboard's graphs: `[namespace, name, dimension, value, …, {options}]`; expressions have options only. */
export const metricsOfDashboard = (dashboard: Resource): Shown[] => {
  const { stack } = dashboard
  const lines: Json[][] = bodyOfDashboard(dashboard).widgets.flatMap(({ properties }: Json) => properties.metrics ?? [])
  return lines.flatMap((line) => {
    const [namespace, name, ...rest] = line.filter((part): part is string => typeof part === 'string')
    if (namespace === undefined || name === undefined) return []
    const dimensions = rest.flatMap((value, index): [string, string | Resource][] => {
      const dimension = rest[index - 1]
      if (index % 2 === 0 || dimension === undefined) return []
      return [[dimension, value.startsWith(mark) ? resourceOf(stack, value.slice(mark.length)) : value]]
    })
    return [{ stack, namespace, name, dimensions: Object.fromEntries(dimensions) }]
  })
}
