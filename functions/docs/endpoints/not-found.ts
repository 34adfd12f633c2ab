import { problem, serve } from '../../../shared/runtime/serve.ts'
import { services } from '../../services.ts'
import { endpoints } from '../contract.ts'
import { knownPaths } from '../known-paths.ts'

/** As it stands in an address: the gateway hands over paths decoded. */
const encodedPath = (path: string): string => path.split('/').map(encodeURIComponent).join('/')

/**
 * Tells apart what is not there, what has other methods (RFC 9110 15.5.6), and what is there without the slash at the end: 308
 * leads to it, with the same method and body (RFC 9110 15.4.9).
 */
export const handler = serve(
  endpoints.notFound,
  { methodsAt: () => knownPaths(services) },
  async function notFound({ path, method, rawQuery }, { methodsAt }) {
    const bare = path.length <= 2_000 ? path.replace(/\/+$/, '') : path
    const methods = methodsAt(bare === '' ? '/' : bare)
    if (methods.length === 0 || (bare === path && methods.includes(method)))
      return problem('NOT_FOUND', 'There is nothing at this path; see /docs.')
    if (!methods.includes(method))
      return problem('METHOD_NOT_ALLOWED', `This path has no such method, but ${methods.join(', ')}.`, {
        headers: { allow: methods.join(', ') },
      })
    return { body: undefined, location: `${encodedPath(bare) || '/'}${rawQuery === '' ? '' : `?${rawQuery}`}` }
  },
)
