/** Stripe behind the provider's port. Its library is loaded by the first step that needs it: most of a shop's functions start without. */
import { lazy } from '../../../../shared/runtime/lazy.ts'
import type { CreateProvider, CreateReader } from '../port.ts'

export const create: CreateProvider = ({ table }) => {
  const calls = lazy(async () => (await import('./calls.ts')).callsOfStripe(table))
  return {
    authorize: async (step) => (await calls()).authorize(step),
    confirm: async (step) => (await calls()).confirm(step),
    confirmationSecret: async (orderId) => (await calls()).confirmationSecret(orderId),
    capture: async (step) => (await calls()).capture(step),
    void: async (step) => (await calls()).void(step),
    refund: async (step) => (await calls()).refund(step),
  }
}

export const createReader: CreateReader = (parts) => {
  const reader = lazy(async () => (await import('./reports.ts')).readerOfStripe(parts))
  return async (request) => (await reader())(request)
}
