import { now } from '../../../shared/runtime/clock.ts'
import { count, logger } from '../../../shared/runtime/observability.ts'
import { retryOnConflict } from '../../../shared/runtime/retry-on-conflict.ts'
import { secretsFrom } from '../../../shared/runtime/secret.ts'
import { notFound, problem, serve } from '../../../shared/runtime/serve.ts'
import { setting } from '../../../shared/runtime/settings.ts'
import { openTable } from '../../../shared/runtime/table.ts'
import { endpoints, metrics } from '../contract.ts'
import { applyDecision } from '../domain.ts'
import * as parts from '../parts.ts'
import { createReader } from '../providers/chosen/adapter.ts'
import { provider as declared } from '../providers/chosen/provider.ts'
import { provider } from '../providers/parts.ts'
import { saveDecision, takeDueSteps } from '../update-payment.ts'

const readReport = () => createReader({ table: openTable(), secrets: secretsFrom(setting('PROVIDER_SECRET_ARN')) })

const needsPerson = { 'refund-failed': metrics.refundsFailed, 'dispute-opened': metrics.disputesOpened }

/**
 * The event's id rides in the write that has its effect, so an event that is sent again, also weeks later, has none. But
 * what is due is still done: the first delivery may have ended between that write and the void or capture it led to. An
 * event that comes too late to matter (the payment is settled) is acknowledged.
 */
export const handler = serve(
  endpoints.receiveProviderEvent,
  { payments: parts.payments, provider, readReport },
  async function receiveProviderEvent({ body, headers }, given) {
    const { payments } = given
    const report = await given.readReport({ headers, body, nowMs: now() })
    if (report.type === 'unsigned')
      return problem('BAD_SIGNATURE', 'The signature, its time or its headers are not right.')
    if (report.type === 'malformed') return problem('INVALID_INPUT', 'This is no event of the provider.')
    if (report.type === 'irrelevant') return { body: undefined }
    if (report.type !== 'decision') {
      count(needsPerson[report.type])
      logger.error('the provider asks for a person', { event_type: report.type, event_id: report.id })
      return { body: undefined }
    }
    return retryOnConflict(async () => {
      const seen = await payments.hasSeen(declared.name, report.id)
      const payment = await payments.get(report.orderId)
      if (!payment) return notFound('payment')
      const after = seen ? undefined : applyDecision(payment, await report.decide())
      const written = after ? await saveDecision(payments, after, { provider: declared.name, id: report.id }) : payment
      if (!written) return undefined
      await takeDueSteps(given, written)
      return { body: undefined }
    })
  },
)
