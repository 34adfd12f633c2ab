import { decodeCursor, encodeCursor } from '../../../../shared/runtime/cursor.ts'
import { serveStaff } from '../../../../shared/runtime/serve-staff.ts'
import * as parts from '../../parts.ts'
import { listPartition } from '../../products/table.ts'
import { transferEndpoints } from '../contract.ts'
import { contentTypeOf } from '../formats/file.ts'
import { writeProducts } from '../import/write.ts'

/** DynamoDB gives 1 MB at once, which bounds the answer; a small shop is one answer. */
const limit = 1000

export const handler = serveStaff(
  transferEndpoints.exportProducts,
  { catalog: parts.catalog },
  async function exportProducts({ query: { format, cursor } }, { catalog }) {
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
  },
)
