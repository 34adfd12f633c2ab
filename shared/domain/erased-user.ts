/** What stands where a person stood who has been erased: valid wherever a person's own would be, and nobody's. */
import type { Address } from '../contract/schema.ts'

/** No one is ever given this id: the time in it is before there were any. */
export const erasedUserId = `usr_${'0'.repeat(26)}`

const erased = 'erased'

/** The country stays: what tax was due follows from it. */
export const erasedAddress = ({ country }: Pick<Address, 'country'>): Address => ({
  name: erased,
  line1: erased,
  city: erased,
  postalCode: erased,
  country,
})
