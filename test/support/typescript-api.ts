/** The compiler's own interface, which TypeScript 7 has no more; under `ts`, and with no command that would hide `tsc` of 7. */
import { ts } from '@ts-morph/common'

export default ts
