import { serveStaff } from '../../../../shared/runtime/serve-staff.ts'
import { endpoints } from '../../contract.ts'
import * as parts from '../../parts.ts'

export const handler = serveStaff(
  endpoints.nameCategory,
  { catalog: parts.catalog },
  async function nameCategory({ params: { categoryId }, body: { title } }, { catalog }) {
    await catalog.nameCategory(categoryId, title)
    return { body: undefined }
  },
)
