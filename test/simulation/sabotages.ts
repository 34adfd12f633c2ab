/**
 * Deliberate bugs, each a small change of source texts on their way into the process. A machine that does not find them
 * proves nothing by finding nothing. Each is a mistake that was made in some shop, or nearly in this one.
 */

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: texts of sources, which hold such strings

type Edit = { file: string; from: string; to: string }

export type Sabotage = { name: string; edits: readonly Edit[] }

const sabotage = (name: string, ...edits: Edit[]): Sabotage => ({ name, edits })

const availabilityTable = 'functions/catalog/availability-table.ts'
const inventoryTable = 'functions/inventory/table.ts'
const ordersTable = 'functions/orders/table.ts'
const ordersDomain = 'functions/orders/domain.ts'
const paymentsTable = 'functions/payments/table.ts'
const paymentsDomain = 'functions/payments/domain.ts'
const paymentsLedger = 'functions/payments/ledger.ts'
const relationsTable = 'functions/relations/table.ts'
const reviewsTable = 'functions/reviews/table.ts'
const settle = 'functions/payments/settle.ts'
const relay = 'shared/runtime/relay.ts'
const consume = 'shared/runtime/consume.ts'

export const sabotages: readonly Sabotage[] = [
  sabotage('reservation-without-condition', {
    file: inventoryTable,
    from: "when: { expression: '#available >= :units' },",
    to: 'when: isThere,',
  }),
  sabotage('consumer-without-deduplication', {
    file: inventoryTable,
    from: '{ put: mark, when: notThere },',
    to: '{ put: mark },',
  }),
  sabotage('outbox-in-a-second-write', {
    file: ordersTable,
    from: 'const written = await table.write([{ put: item, when: versionIs(order.version) }])',
    to: `const { outbox, outboxVersion, ...state } = item as Record<string, unknown>
      const written = await table.write([{ put: { ...state, ...keyOf(order.id) }, when: versionIs(order.version) }])
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
  sabotage('capture-without-idempotency-key', {
    file: settle,
    from: 'provider.capture({ key: step.key,',
    to: 'provider.capture({ key: `${step.key}:${Math.random()}`,',
  }),
  sabotage('compensation-refunds-another-attempt', {
    file: paymentsDomain,
    from: 'key: `${orderId}:refund:${refund.id}`',
    to: 'key: `${orderId}:refund`',
  }),
  sabotage(
    'expiry-trusted-to-ttl',
    // Whatever is still there counts as valid, as if somebody had deleted it in time.
    {
      file: ordersDomain,
      from: "return goesOn && isUndecided(order) && isOverdue(order, atMs) ? { type: 'overdue' } : trigger",
      to: "return goesOn && isUndecided(order) && false ? { type: 'overdue' } : trigger",
    },
  ),
  sabotage(
    'lines-of-one-stock-item-checked-apart',
    {
      file: 'functions/orders/outcomes.ts',
      from: 'lines: order.lines.map(({ sku, quantity }) => ({ sku, quantity })),',
      to: 'lines: order.lines.flatMap(({ sku, quantity }) => Array.from({ length: quantity }, () => ({ sku, quantity: 1 }))),',
    },
    { file: 'functions/inventory/domain.ts', from: 'lines: addedUp(lines),', to: 'lines,' },
    {
      file: inventoryTable,
      from: 'const written = await table.write([putOf(chunk.after, facts), ...changesOf(chunk)])',
      to: `for (const { sku, quantity } of chunk.movement === 'reserve' ? chunk.lines : []) {
        const stock = await this.getStock(sku)
        if (!stock || stock.available < quantity) return 'short'
      }
      for (const change of chunk.movement === 'reserve' ? changesOf(chunk) : [])
        if ('update' in change) await table.write([{ ...change, when: isThere }])
      const written = await table.write([
        putOf(chunk.after, facts),
        ...(chunk.movement === 'reserve' ? [] : changesOf(chunk)),
      ])`,
    },
  ),
  sabotage('cancellation-ignores-a-running-authorization', {
    file: paymentsDomain,
    from: 'withCancelRefund({ ...payment, wishes: { ...payment.wishes, cancel: true } })',
    to: "withCancelRefund({ ...payment, status: payment.status === 'pending' ? 'voided' : payment.status, wishes: { ...payment.wishes, cancel: true } })",
  }),
  sabotage('idempotency-key-after-the-effect', {
    file: 'shared/runtime/table.ts',
    from: 'const written = await writeAll(parts, [transactItem(parts.name, { put: record, when: notThere }), ...entries])\n      if (written.ok) return written',
    to: `const done = await writeAll(parts, entries)
      if (!done.ok) return done
      const written = await writeAll(parts, [transactItem(parts.name, { put: record, when: notThere })])
      if (written.ok) return written`,
  }),
  sabotage('batch-failures-not-reported', {
    file: consume,
    from: 'batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier }))',
    to: 'batchItemFailures: []',
  }),
  sabotage('consumer-does-not-wait-for-its-write', {
    file: 'functions/orders/consumers/settle-order.ts',
    from: 'const { order } = await advance(orderId, trigger)\n    if (!order) throw new Error(`${event.type} names the order ${orderId}, which does not exist`)',
    to: 'void advance(orderId, trigger).catch(() => undefined)',
  }),
  sabotage('order-written-without-its-version', {
    file: ordersTable,
    from: 'const written = await table.write([{ put: item, when: versionIs(order.version) }])',
    to: 'const written = await table.write([{ put: item }])',
  }),
  sabotage('payment-written-without-its-version', {
    file: paymentsTable,
    from: 'when: payment.version === 0 ? notThere : versionIs(payment.version) },',
    to: 'when: payment.version === 0 ? notThere : undefined } as never,',
  }),
  sabotage('cancellation-leaves-no-mark-for-a-late-authorization', {
    file: 'functions/payments/consumers/undo-payment.ts',
    from: 'if (await change(orderId, wishCancel)) return',
    to: 'await change(orderId, wishCancel)\n    if (orderId) return',
  }),
  sabotage('refund-not-bounded-by-those-promised', {
    file: paymentsDomain,
    from: 'payment.capturedMinor - payment.refunds.reduce((sum, { amountMinor }) => sum + amountMinor, 0)',
    to: 'payment.capturedMinor',
  }),
  sabotage('capture-before-its-wish-is-written', {
    file: 'functions/payments/endpoints/capture-payment.ts',
    from: 'const written = await dependencies.payments.save(wishCapture(payment) ?? payment, { once, facts })',
    to: `if (payment.status === 'authorized')
        await dependencies.provider.capture({
          key: \`\${orderId}:capture\`,
          orderId,
          amount: { amount: payment.totalMinor, currency: payment.currency },
        })
      const written = await dependencies.payments.save(wishCapture(payment) ?? payment, { once, facts })`,
  }),
  sabotage('ledger-booked-on-one-side', {
    file: paymentsLedger,
    from: 'return [...journal, { step, at, postings: balanced(postings) }]',
    to: 'return [...journal, { step, at, postings: heldMinor < 0 ? postings.slice(0, 1) : postings }]',
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
  sabotage('sale-missing-in-the-history', {
    file: inventoryTable,
    from: "...(movement === 'commit' ? [historyOf(sku, { kind: 'sale', quantity: -quantity, orderId: after.orderId })] : []),",
    to: "...(movement === 'commit' && quantity > 1 ? [historyOf(sku, { kind: 'sale', quantity: -quantity, orderId: after.orderId })] : []),",
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
  sabotage('stock-moved-before-its-reservation', {
    file: inventoryTable,
    from: 'const written = await table.write([putOf(chunk.after, facts), ...changesOf(chunk)])',
    to: `const moved = await table.write(changesOf(chunk))
      if (!moved.ok) return 'short'
      const written = await table.write([putOf(chunk.after, facts)])`,
  }),
  sabotage('rating-in-a-second-write', {
    file: reviewsTable,
    from: 'const written = await table.write(changes, { once, resource: review.id })',
    to: `const written = await table.write(changes.slice(0, 3), { once, resource: review.id })
      if (written.ok) await table.write(changes.slice(3))`,
  }),
  sabotage('review-in-no-place-of-its-own', {
    file: reviewsTable,
    from: '{ put: place, when: notThere },',
    to: '{ put: place },',
  }),
  sabotage('older-rating-shown', {
    file: 'functions/catalog/table.ts',
    from: '(attribute_not_exists(#rating) OR #rating.#sequence < :sequence)',
    to: '(attribute_not_exists(#rating) OR #rating.#sequence < :sequence OR #rating.#sequence > :sequence)',
  }),
  sabotage('older-stock-shown', {
    file: availabilityTable,
    from: "`#sequence < :sequence AND #available ${stands === 'in' ? '>' : '='} :none`",
    to: "`#available ${stands === 'in' ? '>' : '='} :none`",
  }),
  sabotage('sold-out-not-said-in-lists', {
    file: availabilityTable,
    from: 'return [changed(place, news, stands), ...(isSame ? [] : [marked(place, news)])]',
    to: "return [changed(place, news, stands), ...(isSame || stands === 'in' ? [] : [marked(place, news)])]",
  }),
  sabotage('follower-counted-without-its-condition', {
    file: relationsTable,
    from: 'return { put: { ...key, ...after, ...indexKeysOf(after), ...next }, when: unchanged(before) }',
    to: 'return { put: { ...key, ...after, ...indexKeysOf(after), ...next } }',
  }),
  sabotage('friends-marked-without-looking-again', {
    file: relationsTable,
    from: 'if (before === after) return { check: key, when: unchanged(before) }',
    to: "if (before === after) return { check: key, when: { expression: 'attribute_not_exists(#nothing)' } }",
  }),
  sabotage('follow-counted-though-erased', {
    file: relationsTable,
    from: '  when: countsNotErased,',
    to: '',
  }),
  sabotage('erasure-that-keeps-the-address', {
    file: 'functions/orders/person.ts',
    from: 'shippingAddress: addressOfNobody(order.shippingAddress),',
    to: 'shippingAddress: order.shippingAddress,',
  }),
  sabotage('sold-out-marked-in-a-second-write', {
    file: availabilityTable,
    from: 'const written = await table.write(changes)',
    to: `const written = await table.write(changes.slice(0, 1))
        if (written.ok && changes.length > 1) await table.write(changes.slice(1))`,
  }),
  sabotage('release-not-told-to-the-catalogue', {
    file: inventoryTable,
    from: "movement === 'commit' ? [] : levelChanged(sku),",
    to: "movement === 'reserve' ? levelChanged(sku) : [],",
  }),
  sabotage('decision-written-without-its-stock', {
    file: 'functions/inventory/advance.ts',
    from: 'return chunk ? step(reservations, changed, chunk) : reservations.saveReservation(changed, factsOf(changed))',
    to: 'return reservations.saveReservation(chunk?.after ?? changed, factsOf(chunk?.after ?? changed))',
  }),
  sabotage('journal-begun-anew', {
    file: paymentsLedger,
    from: 'return [...journal, { step, at, postings: balanced(postings) }]',
    to: 'return [{ step, at, postings: balanced(postings) }]',
  }),
  sabotage('refund-of-a-cancellation-left-out-of-the-journal', {
    file: paymentsDomain,
    from: 'const after = { ...payment, refunds, journal: withRefund(payment.journal, at, step.refund) }',
    to: `const journal = step.refund.id === cancellation ? payment.journal : withRefund(payment.journal, at, step.refund)
      const after = { ...payment, refunds, journal }`,
  }),
]
