import { newId, now } from '../../../../shared/runtime/clock.ts'
import { decodeCursor, encodeCursor } from '../../../../shared/runtime/cursor.ts'
import type { Handle } from '../../../../shared/runtime/serve.ts'
import { serveStaff } from '../../../../shared/runtime/serve-staff.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { type CatalogTable, catalogTable, listPartition } from '../../products/table.ts'
import { transferEndpoints } from '../contract.ts'
import { contentTypeOf } from '../formats/file.ts'
import { writeProducts } from '../import/write.ts'

/** DynamoDB gives 1 MB at once, which bounds the answer; a small shop is one answer. */
const limit = 1000

export const exportProducts =
  ({ catalog }: { catalog: Pick<CatalogTable, 'listOldestFirst'> }): Handle<typeof transferEndpoints.exportProducts> =>
  async ({ query: { format, cursor } }) => {
    const list = `export as ${format}`
    const { products, lastKey } = await catalog.listOldestFirst(
      limit,
      decodeCursor(list, cursor, listPartition(undefined)),
    )
    const extension = format === 'jsonl' ? 'jsonl' : 'csv'
    return {
      body: writeProducts(products, format, cursor === undefined),
      headers: {
        'content-type': `${contentTypeOf(format)}; charset=utf-8`,
        'content-disposition': `attachment; filename="products.${extension}"`,
        ...(lastKey
          ? { link: `</exports/products?format=${format}&cursor=${encodeCursor(list, lastKey)}>; rel="next"` }
          : {}),
      },
    }
  }

export const handler = serveStaff(transferEndpoints.exportProducts, () =>
  exportProducts({ catalog: catalogTable({ table: openTable(), now, newId }) }),
)
