/** The published language of notifications: what may be asked of it and what it tells. */
import { exportPersonOf, personErasedBy } from '../../shared/contract/personal-data.ts'

export const exportPerson = exportPersonOf('notifications', ['Query'])

export const personErased = personErasedBy('notifications')
