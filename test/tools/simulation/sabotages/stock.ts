/** Deliberate bugs in what is on hand, reserved and shown. */

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: texts of sources, which hold such strings
import { type Sabotage, sabotage } from './sabotage.ts'

const availabilityTable = 'functions/catalog/availability/table.ts'
const inventoryTable = 'functions/inventory/table.ts'

export const stockSabotages: readonly Sabotage[] = [
  sabotage('reservation-without-condition', {
    file: inventoryTable,
    from: "when: { expression: '#available >= :units' },",
    to: 'when: isThere,',
  }),
  sabotage('consumer-without-deduplication', {
    file: inventoryTable,
    from: "{ put: mark, when: notThere, else: 'done' },",
    to: '{ put: mark },',
  }),
  sabotage(
    'lines-of-one-stock-item-checked-apart',
    {
      file: 'functions/orders/placing/conduct.ts',
      from: 'const lines = order.lines.map(({ sku, quantity }) => ({ sku, quantity }))',
      to: 'const lines = order.lines.flatMap(({ sku, quantity }) => Array.from({ length: quantity }, () => ({ sku, quantity: 1 })))',
    },
    { file: 'functions/inventory/domain.ts', from: 'lines: addedUp(lines),', to: 'lines,' },
    {
      file: inventoryTable,
      from: 'const written = await table.write([putOf(chunk.after, newEvents), ...changesOf(chunk)])',
      to: `for (const { sku, quantity } of chunk.movement === 'reserve' ? chunk.lines : []) {
        const stock = await this.getStock(sku)
        if (!stock || stock.available < quantity) return 'short'
      }
      for (const change of chunk.movement === 'reserve' ? changesOf(chunk) : [])
        if ('update' in change) await table.write([{ ...change, when: isThere }])
      const written = await table.write([
        putOf(chunk.after, newEvents),
        ...(chunk.movement === 'reserve' ? [] : changesOf(chunk)),
      ])`,
    },
  ),
  sabotage('sale-missing-in-the-history', {
    file: inventoryTable,
    from: "...(movement === 'commit' ? [historyOf(sku, { kind: 'sale', quantity: -quantity, orderId: after.orderId })] : []),",
    to: "...(movement === 'commit' && quantity > 1 ? [historyOf(sku, { kind: 'sale', quantity: -quantity, orderId: after.orderId })] : []),",
  }),
  sabotage('stock-moved-before-its-reservation', {
    file: inventoryTable,
    from: 'const written = await table.write([putOf(chunk.after, newEvents), ...changesOf(chunk)])',
    to: `const moved = await table.write(changesOf(chunk))
      if (!moved.ok) return 'short'
      const written = await table.write([putOf(chunk.after, newEvents)])`,
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
    file: 'functions/inventory/update-reservation.ts',
    from: 'return chunk ? step(reservations, changed, chunk) : reservations.saveReservation(changed, eventsFor(changed))',
    to: 'return reservations.saveReservation(chunk?.after ?? changed, eventsFor(chunk?.after ?? changed))',
  }),
  sabotage('release-forgets-a-line', {
    file: 'functions/inventory/table.ts',
    from: `({ movement, lines, after }: Chunk): Change<'short' | 'noted'>[] =>
    lines.flatMap(`,
    to: `({ movement, lines, after }: Chunk): Change<'short' | 'noted'>[] =>
    (movement === 'release' ? lines.slice(0, Math.max(1, lines.length - 1)) : lines).flatMap(`,
  }),
  sabotage('parts-of-a-return-share-one-mark', {
    file: 'functions/inventory/table.ts',
    from: '`return#${returnId}#${chunk}`',
    to: '`return#${returnId}`',
  }),
  sabotage('commit-takes-the-first-lines-again', {
    file: 'functions/inventory/domain.ts',
    from: 'lines: lines.slice(from, held), after }',
    to: 'lines: lines.slice(0, held - from), after }',
  }),
  sabotage('reservation-written-without-its-version', {
    file: 'functions/inventory/table.ts',
    from: 'when: reservation.version === 0 ? notThere : versionIs(reservation.version),',
    to: 'when: reservation.version === 0 ? notThere : isThere,',
  }),
  sabotage('no-answer-counts-as-not-needed', {
    file: 'functions/inventory/schedules/move-due.ts',
    from: 'const { needed } = await settleExpired({ orderIds: expired })',
    to: 'const { needed } = await settleExpired({ orderIds: expired }).catch(() => ({ needed: [] as string[] }))',
  }),
  sabotage('product-written-without-its-version', {
    file: 'functions/catalog/products/table.ts',
    from: "when: { expression: '#version = :before', values: { ':before': product.version } },",
    to: "when: { expression: 'attribute_exists(pk)' },",
  }),
]
