import { retryOnConflict } from '../../../../shared/runtime/retry-on-conflict.ts'
import { serve } from '../../../../shared/runtime/serve.ts'
import { belongsTo } from '../../domain.ts'
import * as parts from '../../parts.ts'
import { authEndpoints } from '../contract.ts'
import { parseRefreshToken } from '../tokens.ts'

/** Answers the same whether there was a session or not (RFC 7009). */
export const handler = serve(
  authEndpoints.logout,
  { identity: parts.identity },
  async function logout({ body: { refreshToken } }, { identity }) {
    const token = parseRefreshToken(refreshToken)
    if (!token) return { body: undefined }
    await retryOnConflict(async () => {
      const family = await identity.getFamily(token.familyId)
      if (!family || family.ended || !belongsTo(family, token)) return true
      return (await identity.saveFamily({ ...family, ended: true })) || undefined
    })
    return { body: undefined }
  },
)
