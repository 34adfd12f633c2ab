import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { AddressInput } from '../../shared/contract/schema.ts'
import { checkAddress } from '../../shared/domain/address.ts'
import { countryCodes } from '../../shared/domain/countries.ts'
import { fc } from '../support/property.ts'

const home = { name: 'Ada Lovelace', line1: '12 Dock Road', city: 'Berlin' }
const check = (country: string, postalCode?: string, more: object = {}) =>
  checkAddress({ ...home, country, ...(postalCode === undefined ? {} : { postalCode }), ...more })
const codesOf = (...given: Parameters<typeof check>): string[] => {
  const checked = check(...given)
  return checked.ok ? [] : checked.errors.map(({ pointer, code }) => `${pointer} ${code}`)
}
const keptOf = (...given: Parameters<typeof check>) => {
  const checked = check(...given)
  assert.ok(checked.ok, JSON.stringify(checked))
  return checked.address
}

describe('an address in its country', () => {
  test('is kept as its post prints it, however its people write it', () => {
    for (const [country, written, kept] of [
      ['DE', '10115', '10115'],
      ['DE', 'D-10115', '10115'],
      ['DE', 'DE-10115', '10115'],
      ['DE', 'd 10115', '10115'],
      ['DE', 'D – 10115', '10115'],
      ['AT', 'A-1010', '1010'],
      ['CH', 'CH-8001', '8001'],
      ['LI', 'FL-9490', '9490'],
      ['LU', 'L-1234', '1234'],
      ['BE', 'B-1000', '1000'],
      ['FR', 'F-75001', '75001'],
      ['FR', '75 001', '75001'],
      ['MC', 'MC-98000', '98000'],
      ['FI', 'FIN-00100', '00100'],
      ['FI', 'AX-22100', '22100'],
      ['SE', 'S-114 55', '114 55'],
      ['SE', '11455', '114 55'],
      ['CZ', '11000', '110 00'],
      ['SK', '811 01', '811 01'],
      ['GR', '10557', '105 57'],
      ['LT', 'LT-01100', '01100'],
      ['LV', '1010', 'LV-1010'],
      ['LV', 'LV-1010', 'LV-1010'],
      ['AD', 'AD500', 'AD500'],
      ['AD', '500', 'AD500'],
      ['BB', '15094', 'BB15094'],
      ['GB', 'sw1a1aa', 'SW1A 1AA'],
      ['GB', 'SW1A 1AA', 'SW1A 1AA'],
      ['GB', 'GIR 0AA', 'GIR 0AA'],
      ['GB', 'bfpo61', 'BFPO 61'],
      ['JE', 'je23ab', 'JE2 3AB'],
      ['NL', '1012ab', '1012 AB'],
      ['NL', 'NL-1012 AB', '1012 AB'],
      ['IE', 'a65f4e2', 'A65 F4E2'],
      ['MT', 'VLT1117', 'VLT 1117'],
      ['PL', '00950', '00-950'],
      ['PT', '1000205', '1000-205'],
      ['DK', 'DK-2100', '2100'],
      ['NO', 'N-0150', '0150'],
      ['BR', '01310100', '01310-100'],
      ['JP', '1008111', '100-8111'],
      ['JP', '１００－８１１１', '100-8111'],
      ['JP', '１００ー８１１１', '100-8111'],
      ['JP', '〒100-8111', '100-8111'],
      ['DE', 'Ｄ－１０１１５', '10115'],
      ['EG', '١٢٤١١', '12411'],
      ['IR', '۱۱۹۳۶۱۲۳۴۵', '1193612345'],
      ['IN', '११०००१', '110001'],
      ['BD', '১২১৫', '1215'],
      ['TH', '๑๐๒๐๐', '10200'],
      ['ES', '٣٥٠٠١', '35001'],
      ['CL', '832-0000', '8320000'],
      ['KY', 'ky1 1100', 'KY1-1100'],
      ['XK', '10000', '10000'],
    ] as const)
      assert.equal(keptOf(country, written, { region: 'R' }).postalCode, kept, `${country} ${written}`)
    assert.equal(keptOf('US', '941031234', { region: 'CA' }).postalCode, '94103-1234')
    assert.equal(keptOf('CA', 'k1a0b1', { region: 'ON' }).postalCode, 'K1A 0B1')
  })

  test('is refused with another country’s code, or part of one', () => {
    for (const [country, postalCode] of [
      ...[['DE', 'SW1A 1AA'] as const, ['DE', '101155'] as const, ['DE', 'F-10115'] as const, ['DE', 'x'] as const],
      ...[['GB', 'GIR 0AAx'] as const, ['GB', 'xBFPO 61'] as const, ['GB', '10115'] as const, ['FR', '7500'] as const],
      ...[['AT', '10115'] as const, ['AD', 'AD900'] as const, ['PL', '00-95'] as const, ['NL', '1012 SS'] as const],
    ])
      assert.deepEqual(codesOf(country, postalCode), ['/postalCode wrong_pattern'], `${country} ${postalCode}`)
  })

  test('needs a postal code where its country says so, and none where there are none', () => {
    for (const country of ['DE', 'FR', 'GB', 'NL', 'PL', 'SE', 'CH'])
      assert.deepEqual(codesOf(country), ['/postalCode required'], country)
    for (const country of ['HK', 'AE', 'PA', 'QA', 'BO', 'AG', 'BS', 'UG', 'ZW', 'MO', 'FJ'])
      assert.deepEqual(codesOf(country, undefined, { region: 'R' }), [], country)
    assert.equal(keptOf('HK', '999077', { region: 'Kowloon' }).postalCode, '999077')
  })

  test('names a city, but where a country has none', () => {
    assert.deepEqual(codesOf('DE', '10115', { city: undefined }), ['/city required'])
    assert.deepEqual(codesOf('PA', undefined, { city: undefined }), ['/city required'])
    assert.deepEqual(codesOf('SG', '018956', { city: undefined }), [])
    assert.deepEqual(codesOf('HK', undefined, { city: undefined, region: 'Kowloon' }), [])
  })

  test('names its region by code or name where mail is sorted by it, and one that fits the postal code', () => {
    for (const [country, postalCode, written, kept] of [
      ['US', '94103', 'CA', 'CA'],
      ['US', '94103', 'California', 'CA'],
      ['US', '20500', 'D.C.', 'DC'],
      ['US', '00901', 'pr', 'PR'],
      ['CA', 'H2Y 1C6', 'Québec', 'QC'],
      ['CA', 'K1A 0B1', 'Ontario', 'ON'],
      ['AU', '2000', 'New South Wales', 'NSW'],
      ['AU', '2600', 'act', 'ACT'],
    ] as const)
      assert.equal(keptOf(country, postalCode, { region: written }).region, kept, `${country} ${written}`)
    assert.deepEqual(codesOf('US', '94103', { region: 'Bavaria' }), ['/region unknown_region'])
    assert.deepEqual(codesOf('AU', '2000', { region: 'CA' }), ['/region unknown_region'])
    assert.deepEqual(codesOf('US', '94103', { region: 'NY' }), ['/postalCode not_in_region'])
    assert.deepEqual(codesOf('CA', 'V6B 1A1', { region: 'ON' }), ['/postalCode not_in_region'])
    assert.deepEqual(codesOf('US', '94103'), ['/region required'])
    assert.deepEqual(codesOf('US', 'x'), ['/region required', '/postalCode wrong_pattern'])
  })

  test('need not name a province that stands in its postal code', () => {
    assert.equal(keptOf('ES', '28013').region, 'Madrid')
    assert.equal(keptOf('ES', '35001').region, 'Las Palmas')
    assert.equal(keptOf('IT', '00184').region, 'RM')
    assert.equal(keptOf('IT', '23041', { region: 'Sondrio' }).region, 'Sondrio')
    assert.equal(keptOf('DE', '10115').region, undefined)
  })

  test('is in a country of ISO 3166-1; for others it says which is meant', () => {
    for (const country of [
      'ZZ',
      'AA',
      'XX',
      'EU',
      'UK',
      'EL',
      'XI',
      'AC',
      'TA',
      'IC',
      'EA',
      'SU',
      'YU',
      'AN',
      'constructor',
    ])
      assert.deepEqual(codesOf(country, '10115'), ['/country unknown_country'], country)
    const said = (country: string) => {
      const checked = check(country, '10115')
      return checked.ok ? '' : checked.errors[0]?.detail
    }
    assert.equal(said('UK'), 'UK is no country code of ISO 3166-1: write GB for the United Kingdom.')
    assert.equal(said('EL'), 'EL is no country code of ISO 3166-1: write GR for Greece.')
    assert.equal(said('ZZ'), 'ZZ is no country code of ISO 3166-1.')
    // 249 codes of ISO 3166-1, and Kosovo's.
    assert.equal(countryCodes().length, 250)
    assert.ok(countryCodes().every((country) => !codesOf(country).includes('/country unknown_country')))
  })

  test('whatever is written, there is an answer, soon, and what was kept is kept again', () => {
    const unit = fc.oneof(
      fc.constantFrom(...'DEAUS0123456789 -'),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    )
    const fields = fc.tuple(fc.constantFrom(...countryCodes(), 'constructor'), fc.string({ unit, maxLength: 12 }))
    fc.assert(
      fc.property(fields, ([country, postalCode]) => {
        const checked = check(country, postalCode, { region: 'CA' })
        if (checked.ok) assert.deepEqual(checkAddress(checked.address), checked)
        else assert.ok(checked.errors.length > 0)
      }),
      { numRuns: 500 },
    )
  })
})

describe('the fields of an address', () => {
  const given = { name: 'Ada', line1: '12 Dock Road', city: 'Berlin', postalCode: '10115', country: 'DE' }
  const fields = ['name', 'company', 'line1', 'line2', 'city', 'region', 'phone'] as const
  const accepts = (more: object) => AddressInput.safeParse({ ...given, ...more }).success

  test('are one line each', () => {
    for (const field of fields)
      for (const sign of [
        '\n',
        '\r',
        '\t',
        '\u0000',
        '\u001B',
        '\u007F',
        '\u0085',
        '\u2028',
        '\u2029',
        '\u202E',
        '\u2066',
      ])
        assert.ok(!accepts({ [field]: `a${sign}b` }), `${field} ${JSON.stringify(sign)}`)
  })

  test('lead nowhere else', () => {
    for (const field of fields)
      for (const link of [
        'https://evil.example',
        'http://evil.example/x',
        'see HTTPS://EVIL.EXAMPLE',
        'www.evil.example',
      ])
        assert.ok(!accepts({ [field]: link }), `${field} ${link}`)
  })

  test('are as long as a label is wide, and hold what people are called', () => {
    for (const field of ['name', 'company', 'line1', 'line2', 'city', 'region'])
      assert.deepEqual(
        [accepts({ [field]: 'x'.repeat(100) }), accepts({ [field]: 'x'.repeat(101) })],
        [true, false],
        field,
      )
    for (const name of [
      'Ada Lovelace',
      'Søren Åström',
      '山田 太郎',
      'محمد',
      "O'Brien-Smith, Jr.",
      'St. Georgen/Schwarzwald 5',
    ])
      assert.ok(accepts({ name }), name)
  })
})
