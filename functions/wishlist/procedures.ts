import { exportPersonOf } from '../../shared/contract/personal-data.ts'

export const exportPerson = exportPersonOf('wishlist', ['GetItem'])
