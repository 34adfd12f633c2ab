/** The sample catalogue of "Harbour & Pine", of the project's own making. */
import { bedAndDesk } from './bed-and-desk.ts'
import { homeAndBath } from './home-and-bath.ts'
import { kitchenAndTable } from './kitchen-and-table.ts'
import { outdoorsAndGarden } from './outdoors-and-garden.ts'
import type { SampleProduct } from './product.ts'

export const sampleProducts: readonly SampleProduct[] = [
  ...kitchenAndTable,
  ...homeAndBath,
  ...bedAndDesk,
  ...outdoorsAndGarden,
]
