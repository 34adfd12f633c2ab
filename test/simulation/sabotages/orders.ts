/** Deliberate bugs in carts, orders, returns and shipments. */

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: texts of sources, which hold such strings
import { type Sabotage, sabotage } from './sabotage.ts'

const ordersTable = 'functions/orders/table.ts'
const ordersDomain = 'functions/orders/domain.ts'

export const ordersSabotages: readonly Sabotage[] = [
  sabotage(
    'expiry-trusted-to-ttl',
    // Whatever is still there counts as valid, as if somebody had deleted it in time.
    {
      file: ordersDomain,
      from: "return goesOn && isUndecided(order) && isOverdue(order, atMs) ? { type: 'overdue' } : trigger",
      to: "return goesOn && isUndecided(order) && false ? { type: 'overdue' } : trigger",
    },
  ),
  sabotage('order-written-without-its-version', {
    file: ordersTable,
    from: 'const written = await table.write([{ put: item, when: versionIs(order.version) }])',
    to: 'const written = await table.write([{ put: item }])',
  }),
  sabotage('shipment-sent-though-stopped', {
    file: 'functions/shipping/domain.ts',
    from: '  stopped: [],',
    to: "  stopped: ['dispatched'],",
  }),
  sabotage('confirmed-order-cancelled-without-asking-shipping', {
    file: ordersDomain,
    from: "    'shipment.stopped': 'cancelled',\n",
    to: "    'shipment.stopped': 'cancelled',\n    cancel: 'cancelled',\n",
  }),
  sabotage('shipping-forgotten-in-the-total', {
    file: ordersDomain,
    from: 'subtotal.amount + shipping.amount +',
    to: 'subtotal.amount +',
  }),
  sabotage('deadline-forgotten', {
    file: ordersTable,
    from: "...dueKeys('gsi3', 'deadline', order.id, order.deadline),",
    to: "...dueKeys('gsi3', 'deadline', order.id, order.status === 'delivered' ? order.deadline : undefined),",
  }),
]
