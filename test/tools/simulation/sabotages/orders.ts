/** Deliberate bugs in carts, orders, returns and shipments. */

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: texts of sources, which hold such strings
import { type Sabotage, sabotage } from './sabotage.ts'

const ordersTable = 'functions/orders/table.ts'
const ordersDomain = 'functions/orders/domain.ts'
const conduct = 'functions/orders/placing/conduct.ts'

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
    from: "const written = await table.write([{ put: item, when: versionIs(order.version), else: 'raced' }])",
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
    from: "...dueKeys('gsi3', 'deadline', order.id, order.resumeAt ?? order.deadline),",
    to: "...dueKeys('gsi3', 'deadline', order.id, order.status === 'delivered' ? order.deadline : undefined),",
  }),
  sabotage('returns-without-tax', {
    file: 'functions/orders/returns/domain.ts',
    from: 'total.amount + (pricesIncludeTax ? 0 : tax.amount)',
    to: 'total.amount',
  }),
  sabotage('return-shares-rounded-one-by-one', {
    file: 'functions/orders/returns/domain.ts',
    from: 'shareOfUnits(paid, units + quantity, line.quantity) - shareOfUnits(paid, units, line.quantity)',
    to: 'Math.round(paid / line.quantity) * quantity + 0 * units',
  }),
  sabotage('return-of-more-than-was-bought', {
    file: 'functions/orders/returns/domain.ts',
    from: 'const left = bought - unitsIn(order.returns.filter(isLive), sku)',
    to: 'const left = bought',
  }),
  sabotage('return-written-without-its-version', {
    file: 'functions/orders/table.ts',
    from: `{ put: item, when: versionIs(order.version), else: 'raced' },
`,
    to: `{ put: item },
`,
  }),
  sabotage('tax-of-the-sum-instead-of-the-lines', {
    file: 'functions/orders/domain.ts',
    from: 'const tax = sumMoney([...lines.map((line) => line.tax), money(taxOf(shipping.amount), currency)], currency)',
    to: 'const tax = money(taxOf(subtotal.amount + shipping.amount), currency)',
  }),
  sabotage('tax-added-to-prices-that-include-it', {
    file: 'functions/orders/domain.ts',
    from: '(pricesIncludeTax ? 0 : tax.amount), currency)',
    to: 'tax.amount, currency)',
  }),
  sabotage('shipping-free-without-an-answer', {
    file: 'functions/orders/placing/order-from-cart.ts',
    from: 'await quoteShipping({ methodId: body.shippingMethod, country, weightGrams })',
    to: `await quoteShipping({ methodId: body.shippingMethod, country, weightGrams }).catch(() => ({
      method: { id: body.shippingMethod, title: 'Standard', price: { amount: 0, currency: shop.currency } },
    }))`,
  }),
  sabotage('goods-free-without-an-answer', {
    file: 'functions/orders/placing/order-from-cart.ts',
    from: 'await quote({ skus: cart.lines.map(({ sku }) => sku) })',
    to: `await quote({ skus: cart.lines.map(({ sku }) => sku) }).catch(() => ({
      variants: cart.lines.map(({ sku }) => ({
        sku,
        productId: \`prd_\${'0'.repeat(26)}\`,
        title: sku,
        options: {},
        unitPrice: { amount: 0, currency: shop.currency },
        weightGrams: 0,
      })),
    }))`,
  }),
  sabotage('no-answer-counts-as-stopped', {
    file: 'functions/orders/endpoints/cancel-order.ts',
    from: 'await stop({ orderId, customerId, reason, ...(by && { by }) })',
    to: 'await stop({ orderId, customerId, reason, ...(by && { by }) }).catch(() => ({ stopped: true }))',
  }),
  sabotage('lost-race-counts-as-done', {
    file: 'functions/orders/update-order.ts',
    from: 'return written && { order: written }',
    to: 'return { order: written ?? order }',
  }),
  sabotage('cart-emptied-of-what-was-added-since', {
    file: 'functions/carts/domain.ts',
    from: 'return ordered ? withoutUnits(line, ordered.quantity, cartVersion) : [line]',
    to: 'return ordered ? withoutUnits(line, ordered.quantity, cartVersion) : []',
  }),
  sabotage('cart-written-without-its-version', {
    file: 'functions/carts/table.ts',
    from: "    when: versionIs(cart.version - 1),\n    else: 'raced',\n",
    to: '',
  }),
  sabotage('cart-cleared-or-not', {
    file: 'functions/carts/consumers/clear-cart.ts',
    from: "return (await carts.replace(cleared)) && 'done'",
    to: "await carts.replace(cleared)\n      return 'done'",
  }),
  sabotage('merge-keeps-the-greater-quantity', {
    file: 'functions/carts/domain.ts',
    from: '(there?.quantity ?? 0) + line.quantity)',
    to: 'Math.max(there?.quantity ?? 0, line.quantity))',
  }),
  sabotage('cart-line-for-nothing-without-an-answer', {
    file: 'functions/carts/set-quantities.ts',
    from: 'quote({ skus })',
    to: `quote({ skus }).catch(() => ({
      variants: items.map(({ sku }) => ({ sku, title: sku, unitPrice: { amount: 0, currency: 'EUR' } })),
    }))`,
  }),
  sabotage('carts-live-for-half-an-hour', {
    file: 'functions/carts/domain.ts',
    from: 'lifetimeSeconds = 30 * 24 * 60 * 60',
    to: 'lifetimeSeconds = 30 * 60',
  }),
  sabotage('shipment-written-without-its-version', {
    file: 'functions/shipping/table.ts',
    from: 'when: shipment.version === 0 ? notThere : versionIs(shipment.version),',
    to: 'when: shipment.version === 0 ? notThere : undefined,',
  }),
  sabotage('delivered-without-leaving', {
    file: 'functions/shipping/domain.ts',
    from: "pending: ['dispatched', 'stopped'],",
    to: "pending: ['dispatched', 'delivered', 'stopped'],",
  }),
  sabotage('what-was-put-back-is-taken-too', {
    file: 'functions/carts/domain.ts',
    from: '({ version }) => version > cartVersion)',
    to: '({ version }) => version < 0 * cartVersion)',
  }),
  sabotage('cart-ordered-twice', {
    file: 'functions/orders/placing/open-orders.ts',
    from: "if (before && before.status !== 'cancelled') return stillOrderedBy(before)",
    to: '',
  }),
  sabotage('order-that-is-being-written-not-noticed', {
    file: 'functions/orders/placing/open-orders.ts',
    from: 'if (ofCart && !before && isBeingWritten(ofCart, nowMs))',
    to: 'if (ofCart && !before && nowMs < 0)',
  }),
  sabotage('order-written-before-it-is-named', {
    file: 'functions/orders/placing/endpoints/place-order.ts',
    from: `  const claimed = await claim(given, order, cart, open, admitted.value)
  if ('problem' in claimed) return claimed
  const placed = await orders.insert(order)
`,
    to: `  const placed = await orders.insert(order)
  const claimed = await claim(given, order, cart, open, admitted.value)
  if ('problem' in claimed) return claimed
`,
  }),
  sabotage('stock-asked-for-before-the-order-is-written', {
    file: 'functions/orders/placing/endpoints/place-order.ts',
    from: '  const placed = await orders.insert(order)\n',
    to: `  const { deadline: expiresAt = '' } = order
  const lines = order.lines.map(({ sku, quantity }) => ({ sku, quantity }))
  await given.reserve({ orderId, lines, expiresAt })
  const placed = await orders.insert(order)
`,
  }),
  sabotage('no-answer-counts-as-reserved', {
    file: conduct,
    from: 'await reserve({ orderId, lines, expiresAt: order.deadline ?? placedAtOf(order) })',
    to: `await reserve({ orderId, lines, expiresAt: order.deadline ?? placedAtOf(order) }).catch(() => ({
    state: 'reserved' as const,
    shortages: [],
  }))`,
  }),
  sabotage('no-answer-counts-as-authorized', {
    file: conduct,
    from: 'await authorize({ orderId, customerId, total, method })',
    to: `await authorize({ orderId, customerId, total, method }).catch(() => ({
    status: 'authorized' as const,
    declineCode: undefined,
  }))`,
  }),
  sabotage('payment-that-waits-counts-as-authorized', {
    file: conduct,
    from: `    case 'action-required':
    case 'pending':
      return [{ type: 'stock.reserved' }]`,
    to: `    case 'action-required':
    case 'pending':
      return [{ type: 'stock.reserved' }, { type: 'payment.authorized' }]`,
  }),
  sabotage('dispatch-settled-without-an-answer', {
    file: 'functions/orders/sending/settle-dispatch.ts',
    from: 'dispatch(order, failed.length === 0, atMs)',
    to: 'dispatch(order, true, atMs)',
  }),
  sabotage('unsettled-dispatch-forgotten-on-delivery', {
    file: ordersDomain,
    from: "resumeAt: order.status === 'placed' ? undefined : order.resumeAt,",
    to: 'resumeAt: undefined,',
  }),
  sabotage('early-decision-on-the-money-ignored', {
    file: 'functions/orders/consumers/settle-order.ts',
    from: "return [{ type: 'stock.reserved' }, { type: event.type }]",
    to: 'return [{ type: event.type }]',
  }),
  sabotage('price-that-has-changed-not-noticed', {
    file: 'functions/orders/placing/quoted.ts',
    from: "if (order.lines.some((line) => isOtherPrice(line, shown.get(line.sku)))) return 'PRICE_CHANGED'",
    to: '',
  }),
]
