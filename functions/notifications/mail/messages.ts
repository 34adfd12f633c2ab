/** What the mails say. Pure: from an order to subject, text and HTML. */
import { formatMoney, type Money } from '../../../shared/domain/money.ts'
import type { CancellationReason, OrderSummary } from '../../published/orders.ts'
import { escapeHtml, page } from '../page.ts'
import { inOneLine, plainField } from './plain-line.ts'

export type Message = { subject: string; text: string; html: string }

/** `Kettle (Colour: Red, Size: 1.7 l)`. */
const nameOf = ({ title, options = {} }: OrderSummary['lines'][number]): string => {
  const told = Object.entries(options).map(([name, value]) => `${name}: ${value}`)
  return inOneLine(told.length > 0 ? `${title} (${told.join(', ')})` : title)
}

const reasons: Record<CancellationReason, string> = {
  'out-of-stock': 'something in it is no longer in stock',
  declined: 'the payment was declined',
  expired: 'the payment was not completed in time',
  'by-customer': 'you asked us to',
  'by-staff': 'we could not fulfil it',
}

/** The rows under the lines: what leads from the subtotal to the total. */
const sums = (order: OrderSummary): [string, Money][] => [
  ['Subtotal', order.subtotal],
  [`Shipping (${inOneLine(order.shippingMethod.title)})`, order.shipping],
  [order.pricesIncludeTax ? 'Tax, included' : 'Tax', order.tax],
  ['Total', order.total],
]

/** The one part of a mail that its sender does not write: last, a line for each field, and no links. */
const addressLines = ({ shippingAddress: to }: OrderSummary): string[] =>
  [
    to.name,
    to.company,
    to.line1,
    to.line2,
    [to.postalCode, to.city].filter((part) => part !== undefined).join(' ') || undefined,
    to.region,
    to.country,
  ].flatMap((line) => (line ? plainField(line) : []))

const textOf = (order: OrderSummary): string =>
  [
    ...order.lines.map((line) => `${line.quantity} x ${nameOf(line)}: ${formatMoney(line.total)}`),
    '',
    ...sums(order).map(([name, amount]) => `${name}: ${formatMoney(amount)}`),
    '',
    'To:',
    ...addressLines(order),
  ].join('\n')

const cell = 'padding:6px 0;vertical-align:top'
const right = `${cell};text-align:right;white-space:nowrap`

const htmlOf = (order: OrderSummary): string => {
  const lines = order.lines.map(
    (line) =>
      `<tr><td style="${cell}">${line.quantity} × ${escapeHtml(nameOf(line))}</td><td style="${right}">${escapeHtml(formatMoney(line.total))}</td></tr>`,
  )
  const rows = sums(order).map(([name, amount], index, all) => {
    const weight = index === all.length - 1 ? ';font-weight:bold' : ';color:#666'
    return `<tr><td style="${cell}${weight}">${escapeHtml(name)}</td><td style="${right}${weight}">${escapeHtml(formatMoney(amount))}</td></tr>`
  })
  const address = addressLines(order).map(escapeHtml).join('<br>')
  return `<table role="presentation" width="100%" style="border-collapse:collapse;margin:16px 0">${lines.join('')}<tr><td colspan="2" style="border-top:1px solid #ddd"></td></tr>${rows.join('')}</table><p style="color:#666;margin:16px 0">${address}</p>`
}

const message = (shop: string, subject: string, words: string[], order?: OrderSummary): Message => ({
  subject,
  text: [...words, ...(order ? ['', textOf(order)] : []), '', shop].join('\n'),
  html: page(
    shop,
    subject,
    `${words.map((line) => `<p>${escapeHtml(line)}</p>`).join('')}${order ? htmlOf(order) : ''}`,
  ),
})

export const confirmation = (shop: string, order: OrderSummary): Message =>
  message(
    shop,
    `Your order ${order.number} is confirmed`,
    [
      `Thank you. Your order ${order.number} is confirmed, and we are packing it.`,
      'Your payment is authorized; it is taken when the parcel leaves.',
    ],
    order,
  )

export const cancellation = (shop: string, order: OrderSummary, reason: CancellationReason): Message =>
  message(
    shop,
    `Your order ${order.number} is cancelled`,
    [
      `Your order ${order.number} is cancelled, because ${reasons[reason]}.`,
      'You have nothing to pay for it: an authorization is given back, and what was charged is refunded.',
    ],
    order,
  )

export const dispatch = (shop: string, number: string, carrier: string, trackingNumber: string): Message =>
  message(shop, `Your order ${number} is on its way`, [
    `Your order ${number} has left our house.`,
    `${inOneLine(carrier)} brings it to you. Its tracking number is ${inOneLine(trackingNumber)}.`,
  ])

export const goodsBack = (shop: string, number: string, refunded: Money): Message =>
  message(shop, `What you sent back of order ${number} has arrived`, [
    `What you sent back of your order ${number} has arrived. Thank you.`,
    ...(refunded.amount > 0
      ? [
          `You get ${formatMoney(refunded)} back the way you paid, less what we may have given back for these goods before.`,
        ]
      : []),
  ])

export const refund = (shop: string, number: string, amount: Money): Message =>
  message(shop, `A refund for your order ${number}`, [
    `You get ${formatMoney(amount)} back for your order ${number}, the way you paid.`,
    'It can take some days until your bank shows it.',
  ])
