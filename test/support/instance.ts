/** One instance of a function in this process, with parts of the test's own in the place of some: through its real wrapper. */
import { mock } from 'node:test'
import { logger, metrics } from '../../shared/runtime/observability.ts'
import { contextFor, type Json } from './service.ts'

mock.method(metrics, 'publishStoredMetrics', () => metrics.clearMetrics())
logger.setLogLevel('SILENT')

/** As Lambda invokes it. @param handler what `coldStart` makes */
export const invoke = async (handler: object, event: object): Promise<Json> => {
  if (typeof handler !== 'function') throw new TypeError('this is no handler')
  return Reflect.apply(handler, undefined, [event, contextFor('one-instance')])
}
