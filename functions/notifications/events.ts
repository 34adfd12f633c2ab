import { personErasedBy } from '../../shared/contract/personal-data.ts'

export const personErased = personErasedBy('notifications')
