import { provide } from '../../../../shared/runtime/call.ts'
import * as published from '../../../published/catalog.ts'
import * as parts from '../../parts.ts'

export const handler = provide(
  published.quote,
  { catalog: parts.catalog },
  async function quote({ skus }, { catalog }) {
    return { variants: await catalog.quote(skus) }
  },
)
