/** Every payment provider that a shop can choose. */
import { provider as sandbox } from './sandbox/provider.ts'
import { provider as stripe } from './stripe/provider.ts'

export const providers = [sandbox, stripe] as const
