import { type Handle, problem, serve } from '../../../shared/runtime/serve.ts'
import { endpoints } from '../contract.ts'

export const unknownPath = (): Handle<typeof endpoints.notFound> => async () =>
  problem('NOT_FOUND', 'There is nothing at this path for this method; see /docs.')

export const handler = serve(endpoints.notFound, unknownPath)
