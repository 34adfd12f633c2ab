import { newId, now } from '../../../../shared/runtime/clock.ts'
import { repeated } from '../../../../shared/runtime/repeated.ts'
import { type Handle, serve } from '../../../../shared/runtime/serve.ts'
import { openTable } from '../../../../shared/runtime/table.ts'
import { belongsTo } from '../../domain.ts'
import { type IdentityTable, identityTable } from '../../table.ts'
import { authEndpoints } from '../contract.ts'
import { parseRefreshToken } from '../tokens.ts'

/** Answers the same whether there was a session or not (RFC 7009). */
export const logout =
  ({ identity }: { identity: Pick<IdentityTable, 'getFamily' | 'saveFamily'> }): Handle<typeof authEndpoints.logout> =>
  async ({ body: { refreshToken } }) => {
    const token = parseRefreshToken(refreshToken)
    if (!token) return { body: undefined }
    await repeated(async () => {
      const family = await identity.getFamily(token.familyId)
      if (!family || family.ended || !belongsTo(family, token)) return true
      return (await identity.saveFamily({ ...family, ended: true })) || undefined
    })
    return { body: undefined }
  }

export const handler = serve(authEndpoints.logout, () =>
  logout({ identity: identityTable({ table: openTable(), now, newId }) }),
)
