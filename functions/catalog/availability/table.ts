/**
 * | item or index | pk | sk | answers |
 * |---|---|---|---|
 * | what can be bought of a SKU | `product#<productId>` | `product#availability#<sku>` | the product page, together with the product |
 * | gsi1 | `slug#<slug>` | `availability#<sku>` | the same, by slug |
 *
 * A sale changes this small item and nothing else. Only when a SKU sells out or comes back does the product say so too
 * (its `availability`, for lists and search), in the same transaction: both agree at every moment, in whatever order news
 * comes, and however often.
 */
import { ownProperty } from '../../../shared/domain/own-property.ts'
import { withoutOutbox } from '../../../shared/runtime/outbox.ts'
import { retryOnConflict } from '../../../shared/runtime/retry-on-conflict.ts'
import { type Change, type Expression, isThere, notThere, type Table } from '../../../shared/runtime/table.ts'
import type { Availability } from '../products/domain.ts'
import {
  availabilityKeyOf,
  parseAvailability,
  parseProduct,
  parseSku,
  productKeyOf,
  skuKeyOf,
} from '../products/stored.ts'

type Place = { productId: string; sku: string }

/** How a SKU stands before news of it: in stock, sold out, or never heard of. */
type Standing = 'in' | 'out' | 'unknown'

/** The SKU stands otherwise than was thought, or the product is gone. */
type Changes = Change<'otherwise' | 'gone'>[]

/** News of what is known already: numbers and nothing else, if it is newer and the SKU stands so. */
const changed = (
  { productId, sku }: Place,
  { available, sequence }: Availability,
  stands: 'in' | 'out',
): Change<'otherwise'> => {
  const when: Expression = {
    expression: `#sequence < :sequence AND #available ${stands === 'in' ? '>' : '='} :none`,
    values: { ':none': 0 },
  }
  return {
    update: availabilityKeyOf(productId, sku),
    set: {
      expression: 'SET #available = :available, #sequence = :sequence',
      values: { ':available': available, ':sequence': sequence },
    },
    when,
    else: 'otherwise',
  }
}

/** The product's version stays, and its outbox goes, so nothing is published again. */
const marked = ({ productId, sku }: Place, news: Availability): Change<'gone'> => ({
  update: productKeyOf(productId),
  set: {
    expression: `SET #availability.#sku = :news${withoutOutbox}`,
    names: { '#sku': sku },
    values: { ':news': news },
  },
  when: isThere,
  else: 'gone',
})

export const availabilityTable = (table: Table) => {
  /**
   * The product may know of the SKU from before it had an item of its own. @returns `elsewhere` where the product is
   * archived and the SKU another's by now
   */
  const firstNews = async (place: Place, news: Availability): Promise<Changes | 'elsewhere'> => {
    const { productId, sku } = place
    const { slug, availability, state } = parseProduct(await table.get(productKeyOf(productId)))
    if (state === 'archived') {
      const owner = await table.get(skuKeyOf(sku))
      return owner && parseSku(owner).productId === productId ? [] : 'elsewhere'
    }
    const known = ownProperty(availability, sku) ?? { available: 0, sequence: 0 }
    if (known.sequence >= news.sequence) return []
    const keys = { ...availabilityKeyOf(productId, sku), gsi1pk: `slug#${slug}`, gsi1sk: `availability#${sku}` }
    const isSame = news.available > 0 === known.available > 0
    return [
      { put: { ...keys, sku, ...news }, when: notThere, else: 'otherwise' },
      ...(isSame ? [] : [marked(place, news)]),
    ]
  }

  const changesOf = async (place: Place, news: Availability, stands: Standing): Promise<Changes | 'elsewhere'> => {
    if (stands === 'unknown') return firstNews(place, news)
    const isSame = news.available > 0 === (stands === 'in')
    return [changed(place, news, stands), ...(isSame ? [] : [marked(place, news)])]
  }

  return {
    /**
     * Notes what can be bought of a SKU, unless newer news was there. Reads nothing first: how the SKU stands is guessed, and
     * the condition of the write says when that was wrong. So almost every sale is one write of one item.
     * @returns `elsewhere` where the SKU is another product's by now
     * @throws ContentionError when others keep writing the same SKU
     */
    async show(place: Place, news: Availability): Promise<'shown' | 'elsewhere'> {
      // The first event tells of a stock item that is new.
      let stands: Standing = news.sequence > 1 ? 'in' : 'unknown'
      return retryOnConflict<'shown' | 'elsewhere'>(async () => {
        const changes = await changesOf(place, news, stands)
        if (changes === 'elsewhere') return 'elsewhere'
        if (changes.length === 0) return 'shown'
        const written = await table.write(changes)
        if (written.ok) return 'shown'
        const known = written.item && parseAvailability(written.item)
        if (known && known.sequence >= news.sequence) return 'shown'
        stands = known === undefined ? 'unknown' : known.available > 0 ? 'in' : 'out'
        return undefined
      })
    },
  }
}

export type AvailabilityTable = ReturnType<typeof availabilityTable>
