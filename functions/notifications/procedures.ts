import { exportPersonOf } from '../../shared/contract/personal-data.ts'

export const exportPerson = exportPersonOf('notifications', ['Query'])
