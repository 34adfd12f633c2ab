/** Field schemas that several services share. A field is described here once and referenced, never retyped. */
import * as z from 'zod/mini'
import { canonicalAddress, isMailAddress, localPartFault } from '../domain/email-address.ts'
import { type Money as DomainMoney, maxTotal } from '../domain/money.ts'

/**
 * No control character (Unicode category Cc) but tab and line breaks. Written out, since the pattern is published, and not every
 * language reads `\p{Cc}`.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it refuses
const withoutControls = /^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$/

/** Text as people type it: trimmed, NFC-normalised, 1 to `max` UTF-16 code units, no control characters but line breaks. */
export const Text = (max: number, min = 1) =>
  z
    .string()
    .check(
      z.maxLength(max * 4, `Must have at most ${max} characters.`),
      z.trim(),
      z.normalize('NFC'),
      z.minLength(min),
      z.maxLength(max),
      z.regex(withoutControls, 'Must hold no control characters but line breaks and tabs.'),
    )

/** As above, without line breaks of any script, and without what turns the direction of writing. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it refuses
const oneLine = /^[^\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/

/** Text of one line, such as a name: no line break in any script, no other control character, nothing that turns the direction of writing. */
export const Line = (max: number, min = 1) =>
  Text(max, min).check(z.regex(oneLine, 'Must be one line, without characters that turn the direction of text.'))

/** An identifier with its service's prefix, such as `ord_01J…` (prefix, underscore, ULID). */
export const Id = (prefix: string) =>
  z
    .string()
    .check(
      z.maxLength(40),
      z.regex(
        new RegExp(`^${prefix}_[0-9A-HJKMNP-TV-Z]{26}$`),
        `Must be an identifier such as ${prefix}_01JZ5K3N8Q4T6V7W9X0Y1Z2A3B.`,
      ),
    )

export const UserId = z
  .string()
  .check(
    z.maxLength(40),
    z.regex(/^(usr|gst)_[0-9A-HJKMNP-TV-Z]{26}$/, 'Must be the id of a user, such as usr_01JZ5K3N8Q4T6V7W9X0Y1Z2A3B.'),
  )

/** Stock keeping unit: what is sold, counted and reserved. Letters and numbers of any script; a SKU is meant as it is spelt. */
export const Sku = z
  .string()
  .check(
    z.maxLength(256),
    z.normalize('NFC'),
    z.maxLength(64),
    z.regex(
      /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]{0,63}$/u,
      'Must be letters, numbers, and after the first also . _ and -, at most 64.',
    ),
  )

/** A name in addresses: small letters and numbers of any script, joined by hyphens. */
export const Slug = z
  .string()
  .check(
    z.maxLength(400),
    z.normalize('NFC'),
    z.maxLength(100),
    z.regex(
      /^[\p{Ll}\p{Lo}\p{Lm}\p{M}\p{N}]+(?:-[\p{Ll}\p{Lo}\p{Lm}\p{M}\p{N}]+)*$/u,
      'Must be small letters and numbers joined by hyphens, such as copper-kettle.',
    ),
  )

const currencyWanted = 'Must be a currency code of ISO 4217, such as EUR.'
const currencies = new Set(Intl.supportedValuesOf('currency'))

/** ISO 4217 alphabetic code, of a currency that is or was. */
export const Currency = z.string().check(
  z.maxLength(3),
  z.regex(/^[A-Z]{3}$/, { error: currencyWanted, abort: true }),
  z.refine((code) => currencies.has(code), currencyWanted),
)

/** ISO 3166-1 alpha-2 code. */
export const Country = z
  .string()
  .check(z.maxLength(2), z.regex(/^[A-Z]{2}$/, 'Must be a country code of ISO 3166-1 alpha-2, such as DE.'))

/** Minor units of a currency. */
export const MinorUnits = z.int().check(z.minimum(0), z.maximum(maxTotal))

/** An amount in integer minor units of its ISO 4217 currency: `{amount: 1999, currency: 'EUR'}` is 19.99 euro. */
export const Money = z.strictObject({ amount: MinorUnits, currency: Currency }) satisfies z.ZodMiniType<DomainMoney>
export type Money = DomainMoney

/** Units of one SKU in a cart or an order. */
export const Quantity = z.int().check(z.minimum(1), z.maximum(999))

/** RFC 3339, UTC. */
export const Timestamp = z.iso.datetime()

/** Grows by one with each change of its object; shown as the ETag. */
export const Version = z.int().check(z.minimum(1))

const mailAddressWanted = 'Must be an e-mail address.'

/**
 * An e-mail address as people type it, and as it is kept and compared: in lower case, since no mail provider of note tells
 * capitals apart (RFC 5321 would let it), and its domain in ASCII (RFC 5891: `münchen.de` is `xn--mnchen-3ya.de`). The part before
 * the @ is a dot-atom of RFC 5321; that of RFC 6531, in any script, cannot be mailed to by SES and is refused.
 */
export const Email = z.string().check(
  z.maxLength(1000),
  z.trim(),
  z.refine((typed) => localPartFault(typed) === undefined, {
    error: ({ input }) => localPartFault(String(input)),
    abort: true,
  }),
  z.overwrite(canonicalAddress),
  z.maxLength(254),
  z.refine(isMailAddress, mailAddressWanted),
  z.email({ pattern: /^[^\s@]{1,64}@[^\s@]+$/, error: mailAddressWanted }),
)

/** An e-mail address that was taken once, when other rules may have held. */
export const KeptEmail = z.string().check(z.minLength(3), z.maxLength(254))

/** A link leads whoever reads a parcel's label or a mail somewhere else; no place has one in its address. */
const AddressLine = (max: number) =>
  Line(max).check(z.regex(/^(?!.*(?::\/\/|\bwww\.)).*$/iu, 'Must hold no web address.'))

/**
 * Where something goes, as it is given. What its country asks beyond that is in domain/address.ts: whether it has postal codes,
 * and whether a city and a region are to be named.
 */
export const AddressInput = z.strictObject({
  name: AddressLine(100),
  company: z.optional(AddressLine(100)),
  line1: AddressLine(100),
  line2: z.optional(AddressLine(100)),
  city: z.optional(AddressLine(100)),
  region: z.optional(AddressLine(100)),
  postalCode: z.optional(AddressLine(20)),
  country: Country,
  phone: z.optional(AddressLine(40)),
})

/** An address that was taken once, when other rules may have held. */
export const Address = z.strictObject({
  name: Text(120),
  company: z.optional(Text(120)),
  line1: Text(200),
  line2: z.optional(Text(200)),
  city: z.optional(Text(120)),
  region: z.optional(Text(120)),
  postalCode: z.optional(Text(20)),
  country: Country,
  phone: z.optional(Text(40)),
})
export type Address = z.infer<typeof Address>

/** What tells a variant from its siblings, by name: `{"Size": "M", "Colour": "Red"}`. Empty where there is one only. */
export const Options = z.record(z.string(), z.string())
export type Options = z.infer<typeof Options>

/** What is answered as it is, such as a picture; of up to 4 MB, since Lambda answers at most 6 MB of Base64. */
export const Bytes = z.instanceof(Uint8Array)

/** The query of every list: page size and where to go on. */
export const PageQuery = {
  limit: z.optional(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(100))),
  cursor: z.optional(z.string().check(z.maxLength(2000))),
}

/** One page of a list; `next_cursor` is null on the last. */
export const Page = <T extends z.ZodMiniType>(item: T) =>
  z.strictObject({
    data: z.array(item).check(z.maxLength(100)),
    next_cursor: z.nullable(z.string().check(z.maxLength(2000))),
  })
