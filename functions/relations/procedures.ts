import { exportPersonOf } from '../../shared/contract/personal-data.ts'

export const exportPerson = exportPersonOf('relations', ['Query', 'GetItem'])
