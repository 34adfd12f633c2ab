/** Deliberate bugs in what is authorized, captured and given back. */

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: texts of sources, which hold such strings
import { type Sabotage, sabotage } from './sabotage.ts'

const paymentsTable = 'functions/payments/table.ts'
const paymentsDomain = 'functions/payments/domain.ts'
const paymentsLedger = 'functions/payments/ledger.ts'
const update = 'functions/payments/update-payment.ts'

export const paymentsSabotages: readonly Sabotage[] = [
  sabotage('capture-without-idempotency-key', {
    file: update,
    from: 'provider.capture({ key: step.key,',
    to: 'provider.capture({ key: `${step.key}:${Math.random()}`,',
  }),
  sabotage('compensation-refunds-another-attempt', {
    file: paymentsDomain,
    from: 'key: `${orderId}:refund:${refund.id}`',
    to: 'key: `${orderId}:refund`',
  }),
  sabotage('cancellation-ignores-a-running-authorization', {
    file: paymentsDomain,
    from: 'withCancelRefund({ ...payment, requested: { ...payment.requested, cancel: true } })',
    to: "withCancelRefund({ ...payment, status: payment.status === 'pending' ? 'voided' : payment.status, requested: { ...payment.requested, cancel: true } })",
  }),
  sabotage('payment-written-without-its-version', {
    file: paymentsTable,
    from: 'when: payment.version === 0 ? notThere : versionIs(payment.version),',
    to: 'when: payment.version === 0 ? notThere : undefined,',
  }),
  sabotage('cancellation-leaves-no-mark-for-a-late-authorization', {
    file: 'functions/payments/consumers/undo-payment.ts',
    from: 'if (await updatePayment(given, orderId, requestCancel)) return',
    to: 'await updatePayment(given, orderId, requestCancel)\n    if (orderId) return',
  }),
  sabotage('refund-not-bounded-by-those-requested', {
    file: paymentsDomain,
    from: 'payment.capturedMinor - payment.refunds.reduce((sum, { amountMinor }) => sum + amountMinor, 0)',
    to: 'payment.capturedMinor',
  }),
  sabotage('capture-before-its-wish-is-written', {
    file: 'functions/payments/endpoints/capture-payment.ts',
    from: 'const written = await given.payments.save(requestCapture(payment, caller.id) ?? payment, {',
    to: `if (payment.status === 'authorized')
        await given.provider.capture({
          key: \`\${orderId}:capture\`,
          orderId,
          amount: { amount: payment.totalMinor, currency: payment.currency },
        })
      const written = await given.payments.save(requestCapture(payment, caller.id) ?? payment, {`,
  }),
  sabotage('ledger-booked-on-one-side', {
    file: paymentsLedger,
    from: 'return [...journal, { step, at, postings: balanced(postings) }]',
    to: 'return [...journal, { step, at, postings: heldMinor < 0 ? postings.slice(0, 1) : postings }]',
  }),
  sabotage('journal-begun-anew', {
    file: paymentsLedger,
    from: 'return [...journal, { step, at, postings: balanced(postings) }]',
    to: 'return [{ step, at, postings: balanced(postings) }]',
  }),
  sabotage('refund-of-a-cancellation-left-out-of-the-journal', {
    file: paymentsDomain,
    from: 'const after = { ...payment, refunds, journal: withRefund(payment.journal, at, step.refund) }',
    to: `const journal = step.refund.source === 'cancellation' ? payment.journal : withRefund(payment.journal, at, step.refund)
      const after = { ...payment, refunds, journal }`,
  }),
  sabotage('capture-booked-before-the-provider-is-asked', {
    file: update,
    from: `  await perform(parts.provider, payment, step)
  const after = applyStep(payment, step, isoTime(now()))
  return parts.payments.save(after, { newEvents: eventsForStep(after, step) })`,
    to: `  const after = applyStep(payment, step, isoTime(now()))
  const saved = await parts.payments.save(after, { newEvents: eventsForStep(after, step) })
  if (saved) await perform(parts.provider, payment, step)
  return saved`,
  }),
  sabotage('provider-error-counts-as-pending', {
    file: update,
    from: `      await leaveToTime(payments, payment)
      throw error`,
    to: `      await leaveToTime(payments, payment)
      return { status: 'pending' as const }`,
  }),
  sabotage('refund-error-counts-as-done', {
    file: update,
    from: 'amount: { amount: step.refund.amountMinor, currency } })',
    to: 'amount: { amount: step.refund.amountMinor, currency } }).catch(() => undefined)',
  }),
  sabotage('void-error-counts-as-done', {
    file: update,
    from: 'return provider.void({ key: step.key, orderId })',
    to: 'return provider.void({ key: step.key, orderId }).catch(() => undefined)',
  }),
  sabotage('refund-exceeds-by-a-cent', {
    file: 'functions/payments/domain.ts',
    from: 'if (refund.amountMinor > left)',
    to: 'if (refund.amountMinor > left + 1)',
  }),
  sabotage('return-refunded-though-nothing-is-left', {
    file: 'functions/payments/domain.ts',
    from: 'Math.min(wanted, requestableMinor(payment))',
    to: 'goods.amountMinor',
  }),
]
