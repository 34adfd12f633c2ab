/** Which countries there are: ISO 3166-1 alpha-2, officially assigned codes as of 2026-01-01. Pure. */

/** XK is none of ISO's: user-assigned, by which the European Union, SWIFT and the postal services name Kosovo. */
const codes = new Set(
  (
    'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG ' +
    'CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL ' +
    'GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA ' +
    'LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP ' +
    'NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV ' +
    'SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW XK'
  ).split(' '),
)

/**
 * What people write instead: prefixes of tax numbers (EL, XI), codes that ISO reserves for others (UK, AC, EA, IC, TA) or has
 * withdrawn (ISO 3166-3), and the country that an address there names.
 */
const meant: ReadonlyMap<string, string> = new Map([
  ['UK', 'GB for the United Kingdom'],
  ['XI', 'GB for Northern Ireland'],
  ['EL', 'GR for Greece'],
  ['IC', 'ES for the Canary Islands'],
  ['EA', 'ES for Ceuta and Melilla'],
  ['FX', 'FR for France'],
  ['AC', 'SH for Ascension'],
  ['TA', 'SH for Tristan da Cunha'],
  ['AN', 'BQ, CW or SX for the islands of the former Netherlands Antilles'],
  ['CS', 'RS for Serbia or ME for Montenegro'],
  ['YU', 'RS for Serbia or ME for Montenegro'],
  ['DD', 'DE for Germany'],
  ['SU', 'the code of the country that it has become'],
  ['TP', 'TL for Timor-Leste'],
  ['ZR', 'CD for the Democratic Republic of the Congo'],
  ['BU', 'MM for Myanmar'],
])

/** @returns what is wrong with a code that names no country, in words; undefined for one that does */
export const countryFault = (code: string): string | undefined => {
  if (codes.has(code)) return undefined
  const instead = meant.get(code)
  return `${code} is no country code of ISO 3166-1${instead ? `: write ${instead}` : ''}.`
}

/** Every code, in no order that matters. */
export const countryCodes = (): string[] => [...codes]
