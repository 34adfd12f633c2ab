/** Every service behind the public API. What is not in this list is not deployed, documented or tested. */
import type { ServiceDeclaration } from '../shared/contract/endpoint.ts'

export const services: readonly ServiceDeclaration[] = []
