/** What functions count, as CloudWatch reads it from their output: the embedded metric format. */
import { mock } from 'node:test'
import type { Json } from './service.ts'

export type Counted = { namespace: string; name: string; dimensions: Record<string, string>; value: number }

/** One line may hold several metrics under several sets of dimensions. */
const countedIn = (line: Json): Counted[] =>
  line._aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }: Json) =>
    Dimensions.flatMap((names: string[]) =>
      Metrics.map(({ Name }: Json) => ({
        namespace: Namespace,
        name: Name,
        dimensions: Object.fromEntries(names.map((name) => [name, line[name]])),
        value: line[Name],
      })),
    ),
  )

/** What functions count while something is done. Start their service with `POWERTOOLS_METRICS_DISABLED: 'false'`. */
export const countedDuring = async (act: () => Promise<unknown>): Promise<Counted[]> => {
  const counted: Counted[] = []
  const write = process.stdout.write.bind(process.stdout)
  const caught = mock.method(process.stdout, 'write', (text: string | Uint8Array) => {
    if (typeof text !== 'string' || !text.includes('"CloudWatchMetrics"')) return write(text)
    counted.push(...countedIn(JSON.parse(text)))
    return true
  })
  try {
    await act()
  } finally {
    caught.mock.restore()
  }
  return counted
}
