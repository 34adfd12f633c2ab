/** Examples that the schemas of the API take, put together from each other. */
import { paymentMethodWords } from '../../published/payments.ts'

const eur = (amount: number) => ({ amount, currency: 'EUR' })

const ids = {
  order: 'ord_01JZ5K3N8Q4T6V7W9X0Y1Z2A3B',
  product: 'prd_01JZ5K2M7P3S5T6V8W9X0Y1Z2A',
  cart: 'crt_01JZ5K3A1B2C3D4E5F6G7H8J9K',
  customer: 'usr_01JZ5JZZ9N8M7K6J5H4G3F2E1D',
  review: 'rev_01JZ6A1B2C3D4E5F6G7H8J9KAB',
  return: 'ret_01JZ7A1B2C3D4E5F6G7H8J9KAB',
}
const at = '2026-11-05T08:30:00Z'
const later = '2026-11-05T08:30:02Z'

const address = {
  name: 'Ada Lovelace',
  line1: '12 Dock Road',
  city: 'Berlin',
  postalCode: '10115',
  country: 'DE',
}

const summary = {
  id: ids.product,
  slug: 'linen-shirt',
  title: 'Linen shirt',
  description: 'A light shirt for warm days.',
  category: 'shirts',
  moreCategories: ['sale'],
  tags: ['linen', 'summer'],
  images: ['/pictures/linen-shirt.svg'],
  imageAlts: ['A blue shirt on a line'],
  vendor: 'Weaver & Daughters',
  state: 'active',
  priceFrom: eur(4900),
  inStock: true,
  rating: { average: 4.5, count: 12 },
  version: 3,
}

const variant = { sku: 'SHIRT-M-BLUE', options: { size: 'M', colour: 'blue' }, price: eur(4900), weightGrams: 250 }

const returned = {
  id: ids.return,
  orderId: ids.order,
  status: 'requested',
  lines: [{ sku: 'SHIRT-M-BLUE', quantity: 1 }],
  refund: eur(4900),
  requestedAt: at,
  version: 1,
}

const user = { id: ids.customer, email: 'ada@example.com', roles: [], createdAt: at }
const profile = { userId: ids.customer, nickname: 'Ada', avatarUrl: '/avatars/default.svg' }

export const examples = {
  Money: eur(1999),
  Address: address,
  SavedAddress: { id: 'adr_01JZ5K3N8Q4T6V7W9X0Y1Z2A3B', ...address, defaultFor: ['shipping'] },
  ProductSummary: summary,
  Product: {
    ...summary,
    optionNames: ['size', 'colour'],
    variants: [{ ...variant, available: 8, onSale: true }],
  },
  NewVariant: variant,
  Cart: {
    id: ids.cart,
    lines: [{ sku: variant.sku, title: summary.title, quantity: 2, unitPrice: eur(4900), total: eur(9800) }],
    subtotal: eur(9800),
    currency: 'EUR',
    messages: [],
    version: 2,
    expiresAt: '2026-12-05T08:30:00Z',
  },
  Order: {
    id: ids.order,
    number: '7K3M-2Q9T',
    status: 'confirmed',
    lines: [
      {
        sku: variant.sku,
        productId: ids.product,
        title: summary.title,
        quantity: 2,
        unitPrice: eur(4900),
        total: eur(9800),
        tax: eur(1565),
      },
    ],
    subtotal: eur(9800),
    discount: eur(0),
    shipping: eur(490),
    tax: eur(1643),
    total: eur(10290),
    pricesIncludeTax: true,
    shippingMethod: { id: 'standard', title: 'Standard' },
    shippingAddress: address,
    email: 'ada@example.com',
    placedAt: at,
    updatedAt: later,
    version: 3,
    timeline: [
      { at, status: 'placed' },
      { at: later, status: 'confirmed' },
    ],
    returns: [],
  },
  Return: returned,
  Note: { id: 'nte_01JZ5K3N8Q4T6V7W9X0Y1Z2A3B', text: 'Asked for a gift wrap.', authorId: ids.customer, at },
  Payment: {
    orderId: ids.order,
    status: 'authorized',
    method: paymentMethodWords.example,
    authorized: eur(10290),
    captured: eur(0),
    refunded: eur(0),
    version: 2,
  },
  LedgerEntry: { id: 'capture#1', at, kind: 'capture', account: 'provider', amount: 10290, currency: 'EUR' },
  ShippingMethod: { id: 'standard', title: 'Standard', price: eur(490), deliveryDays: { min: 2, max: 4 } },
  Shipment: {
    id: 'shp_01JZ5K3N8Q4T6V7W9X0Y1Z2A3B',
    orderId: ids.order,
    status: 'dispatched',
    carrier: 'Parcels',
    trackingNumber: 'P-123',
    lines: [{ sku: variant.sku, productId: ids.product, options: variant.options, quantity: 2 }],
    events: [
      { at, status: 'pending' },
      { at: later, status: 'dispatched' },
    ],
    version: 2,
  },
  Stock: { sku: variant.sku, available: 8 },
  Movement: { id: 'mov_01JZ5K3N8Q4T6V7W9X0Y1Z2A3B', kind: 'receipt', quantity: 10, at },
  Review: {
    id: ids.review,
    productId: ids.product,
    authorId: ids.customer,
    rating: 5,
    title: 'Just right',
    text: 'Fits, and keeps cool.',
    hidden: false,
    createdAt: at,
    version: 1,
  },
  RatingSummary: { count: 12, average: 4.5, stars: { 1: 0, 2: 0, 3: 1, 4: 4, 5: 7 } },
  RoleRecord: { userId: ids.customer, roles: ['staff'], changes: [{ at, by: 'operator', roles: ['staff'] }] },
  User: user,
  Tokens: {
    accessToken: 'eyJhbGciOiJSUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiJ1c3JfMDEifQ.c2lnbmF0dXJl',
    refreshToken: 'fam_01JZ5K3N8Q4T6V7W9X0Y1Z2A3B.q1w2e3r4t5y6u7i8o9p0',
    tokenType: 'Bearer',
    expiresIn: 900,
  },
  PublicProfile: profile,
  Person: { ...profile, since: at },
  Relations: { userId: ids.customer, followers: 3, following: 5, friends: 2, amIFollowing: true, followsMe: false },
  WishlistLine: {
    sku: variant.sku,
    addedAt: at,
    offer: { productId: ids.product, title: summary.title, options: variant.options, price: eur(4900) },
  },
  OrderMessage: { id: 'msg_01', subject: 'Your order 7K3M-2Q9T', at, kind: 'order-confirmed', orderId: ids.order },
  ReportEntry: {
    line: 7,
    severity: 'error',
    code: 'INVALID_PRICE',
    detail: 'The price is no number.',
    handle: 'linen-shirt',
  },
  Problem: {
    type: 'urn:shop:problem:invalid-input',
    title: 'Invalid input',
    status: 400,
    detail: 'The body is not as the contract asks.',
    instance: '/carts/crt_01JZ5K3A1B2C3D4E5F6G7H8J9K/items/SHIRT-M-BLUE',
    code: 'INVALID_INPUT',
    errors: [{ pointer: '/quantity', code: 'too_big', detail: 'Must be at most 999.' }],
    trace_id: '0af7651916cd43dd8448eb211c80319c',
  },
  GatewayMessage: { message: 'Unauthorized' },
  Currency: 'EUR',
  Country: 'DE',
  Sku: variant.sku,
  Slug: summary.slug,
  Email: 'ada@example.com',
  Timestamp: at,
  UserId: ids.customer,
  ProductId: ids.product,
  MinorUnits: 1999,
  Quantity: 2,
  Version: 3,
  PaymentMethod: paymentMethodWords.example,
  Picture: '/pictures/linen-shirt.svg',
  CatalogOptions: variant.options,
  Options: variant.options,
  Weight: 250,
  ShareId: '0123456789abcdef0123456789abcdef',
  Nickname: 'Ada',
} as const
