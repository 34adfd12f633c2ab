/**
 * Where goods are taxed. Mostly that is the country they go to; but some places of a country lie outside the area of its value
 * added tax, and some belong to another's. What is known of a place is its country and its postal code. Pure.
 *
 * Sources: Council Directive 2006/112/EC (the Directive), Articles 5 to 7, as it stands since Directive (EU) 2019/475; the laws that
 * each row names. Rows hold for goods that are sent to consumers. Not in it: Greece's reduced rates on islands, which hold for
 * what is handed over there.
 */

/** Part of a country, by its postal codes without signs and spaces; a whole country where none are said. */
type TaxArea = {
  country: string
  postalCodes?: RegExp
  /** Whose rates hold there: a country's, or those of an area of their own in the table of rates. */
  area: string
  /** From which day of an order: YYYY-MM-DD. */
  from: string
  source: string
}

/** Nobody's: goods that go there are exported, and what is due on their arrival is the recipient's. */
export const outside = 'outside'

/** The latest row that fits and has begun counts. */
export const taxAreas: readonly TaxArea[] = [
  {
    country: 'AT',
    postalCodes: /^(6691|699[123])$/,
    area: 'AT-JM',
    from: '2007-01-01',
    source: 'Austria, UStG 1994, § 10 (4): Jungholz, Mittelberg',
  },
  {
    country: 'CH',
    postalCodes: /^756[23]$/,
    area: outside,
    from: '2010-01-01',
    source: 'Switzerland, MWSTG, Art. 4: Samnaun',
  },
  {
    country: 'DE',
    postalCodes: /^27498$/,
    area: outside,
    from: '2007-01-01',
    source: 'the Directive, Art. 6 (2) (a): Heligoland',
  },
  {
    country: 'DE',
    postalCodes: /^78266$/,
    area: outside,
    from: '2007-01-01',
    source: 'the Directive, Art. 6 (2) (b): Büsingen',
  },
  {
    country: 'DK',
    postalCodes: /^39\d\d$/,
    area: outside,
    from: '2007-01-01',
    source: 'the Directive, Art. 5: Greenland is no part of the Union',
  },
  {
    country: 'ES',
    postalCodes: /^(35|38)/,
    area: outside,
    from: '2007-01-01',
    source: 'the Directive, Art. 6 (1) (b): Canary Islands',
  },
  {
    country: 'ES',
    postalCodes: /^51/,
    area: outside,
    from: '2007-01-01',
    source: 'the Directive, Art. 6 (2) (c): Ceuta',
  },
  {
    country: 'ES',
    postalCodes: /^52/,
    area: outside,
    from: '2007-01-01',
    source: 'the Directive, Art. 6 (2) (d): Melilla',
  },
  {
    country: 'FI',
    postalCodes: /^22/,
    area: outside,
    from: '2007-01-01',
    source: 'the Directive, Art. 6 (1) (d): Åland Islands',
  },
  {
    country: 'FR',
    postalCodes: /^97/,
    area: outside,
    from: '2007-01-01',
    source:
      'the Directive, Art. 6 (1) (c): Guadeloupe, French Guiana, Martinique, Réunion, Mayotte, Saint Martin; and Art. 5: Saint Barthélemy, Saint Pierre and Miquelon',
  },
  {
    country: 'FR',
    postalCodes: /^98[4-9]/,
    area: outside,
    from: '2007-01-01',
    source: 'the Directive, Art. 5: New Caledonia, French Polynesia, Wallis and Futuna, Southern Territories',
  },
  {
    country: 'GB',
    postalCodes: /^(GY|JE)/,
    area: outside,
    from: '2007-01-01',
    source: 'the Directive, Art. 6 (1) (e); since 2021 United Kingdom, VAT Notice 703: Channel Islands',
  },
  {
    country: 'GB',
    postalCodes: /^GX/,
    area: outside,
    from: '2007-01-01',
    source: 'Act of Accession of 1972, Art. 28: Gibraltar',
  },
  {
    country: 'GB',
    postalCodes: /^(BFPO|BF1)/,
    area: outside,
    from: '2007-01-01',
    source: 'United Kingdom, VAT Notice 703: forces abroad',
  },
  {
    country: 'GB',
    postalCodes: /^BT/,
    area: 'XI',
    from: '2021-01-01',
    source: 'Windsor Framework, Art. 8: goods in Northern Ireland',
  },
  {
    country: 'GR',
    postalCodes: /^6308[67]$/,
    area: outside,
    from: '2007-01-01',
    source: 'the Directive, Art. 6 (1) (a): Mount Athos',
  },
  { country: 'IM', area: 'GB', from: '2007-01-01', source: 'the Directive, Art. 7 (1); Isle of Man Act 1979, s. 6' },
  {
    country: 'IT',
    postalCodes: /^23041$/,
    area: outside,
    from: '2007-01-01',
    source: 'the Directive, Art. 6 (2) (e): Livigno',
  },
  {
    country: 'IT',
    postalCodes: /^22061$/,
    area: outside,
    from: '2007-01-01',
    source: 'the Directive, Art. 6 (1) (f), until 2019 Art. 6 (2) (f): Campione d’Italia',
  },
  {
    country: 'IT',
    postalCodes: /^4789\d$/,
    area: outside,
    from: '2007-01-01',
    source: 'the Directive, Art. 5: San Marino is no part of the Union',
  },
  {
    country: 'IT',
    postalCodes: /^00120$/,
    area: outside,
    from: '2007-01-01',
    source: 'the Directive, Art. 5: the Vatican is no part of the Union',
  },
  {
    country: 'LI',
    area: 'CH',
    from: '1995-01-01',
    source: 'treaty of Switzerland and Liechtenstein on value added tax of 1994-10-28, Art. 1',
  },
  { country: 'MC', area: 'FR', from: '2007-01-01', source: 'the Directive, Art. 7 (1) and (2): Monaco' },
  {
    country: 'NO',
    postalCodes: /^(917\d|8099)$/,
    area: outside,
    from: '2010-01-01',
    source: 'Norway, Merverdiavgiftsloven, § 1-2: Svalbard, Jan Mayen',
  },
  {
    country: 'PT',
    postalCodes: /^9[0-4]/,
    area: 'PT-30',
    from: '2007-01-01',
    source: 'the Directive, Art. 105 (2): Madeira',
  },
  {
    country: 'PT',
    postalCodes: /^9[5-9]/,
    area: 'PT-20',
    from: '2007-01-01',
    source: 'the Directive, Art. 105 (2): Azores',
  },
]

/** Where goods go, as far as their tax depends on it. */
export type Place = { country: string; postalCode?: string | undefined }

/** @param day RFC 3339 date or time, compared by its first ten characters @returns the area whose rates hold, or `outside` */
export const taxAreaOf = ({ country, postalCode = '' }: Place, day: string): string => {
  const code = postalCode.toUpperCase().replace(/[^A-Z0-9]/g, '')
  const fitting = taxAreas.filter(
    (row) => row.country === country && row.from <= day.slice(0, 10) && (row.postalCodes?.test(code) ?? true),
  )
  return fitting.toSorted((a, b) => (a.from < b.from ? 1 : -1))[0]?.area ?? country
}
