/** Deliberate bugs on the way of requests and events, whatever they are of. */

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: texts of sources, which hold such strings
import { type Sabotage, sabotage } from './sabotage.ts'

const ordersTable = 'functions/orders/table.ts'
const relay = 'shared/runtime/relay.ts'
const consume = 'shared/runtime/consume.ts'

export const eventsSabotages: readonly Sabotage[] = [
  sabotage('outbox-in-a-second-write', {
    file: ordersTable,
    from: "const written = await table.write([{ put: item, when: versionIs(order.version), else: 'raced' }])",
    to: `const { outbox, outboxVersion, ...state } = item as Record<string, unknown>
      const written = await table.write([{ put: { ...state, ...keyOf(order.id) }, when: versionIs(order.version), else: 'raced' }])
      if (written.ok && outbox)
        await table.write([
          {
            update: keyOf(order.id),
            set: { expression: 'SET #outbox = :outbox, #outboxVersion = :v', values: { ':outbox': outbox, ':v': outboxVersion } },
          },
        ])`,
  }),
  sabotage('failed-entry-count-ignored', {
    file: relay,
    from: 'left = left.filter((_, index) => answer.Entries?.[index]?.ErrorCode !== undefined || !answer.Entries?.[index])',
    to: 'left = answer.Entries ? [] : left',
  }),
  sabotage('idempotency-key-after-the-effect', {
    file: 'shared/runtime/table.ts',
    from: 'const written = await writeAll(parts, [first, ...entries])\n      if (written.ok || written.position > 0) return labelled(changes, written, 1)',
    to: `const done = await writeAll(parts, entries)
      if (!done.ok) return labelled(changes, done)
      const written = await writeAll(parts, [first])
      if (written.ok) return written`,
  }),
  sabotage('failures-not-reported', {
    file: consume,
    from: 'throw error\n',
    to: '',
  }),
  sabotage('consumer-does-not-wait-for-its-write', {
    file: 'functions/orders/consumers/settle-order.ts',
    from: 'const { order } = await updateOrder(orders, orderId, ...triggersOf(event))\n    if (!order) throw new Error(`${event.type} names the order ${orderId}, which does not exist`)',
    to: 'void updateOrder(orders, orderId, ...triggersOf(event)).catch(() => undefined)',
  }),
  sabotage('idempotency-records-for-48-minutes', {
    file: 'shared/runtime/idempotency.ts',
    from: 'const keptSeconds = 48 * 60 * 60',
    to: 'const keptSeconds = 48 * 60',
  }),
  sabotage('idempotency-key-without-its-caller', {
    file: 'shared/runtime/idempotency.ts',
    from: "id: sha256([caller, method, target, key].join('\\n')),",
    to: "id: sha256([caller.slice(0, 0), method, target, key].join('\\n')),",
  }),
  sabotage('changed-body-not-noticed', {
    file: 'shared/runtime/serve.ts',
    from: 'if (done.bodyHash !== request.idempotencyKey?.bodyHash) return problemResponse(endpoint, event, keyReused())',
    to: '',
  }),
  sabotage('relay-reports-its-last-failure', {
    file: 'shared/runtime/relay.ts',
    from: 'return left[0]',
    to: 'return left.at(-1)',
  }),
  sabotage('reporting-ignores-an-event-sequence', {
    file: 'functions/reporting/domain.ts',
    from: 'known && known.sequence >= sequence ? known : { value, sequence }',
    to: 'known && known.sequence === sequence ? known : { value, sequence }',
  }),
]
