/** What functions of profiles need, each made by itself: a function's bundle holds the parts that it names, and no others. */
import { bucket } from '../../shared/runtime/bucket.ts'
import { type Call, call, withFallback } from '../../shared/runtime/call.ts'
import { setting, shopSettings } from '../../shared/runtime/settings.ts'
import { openTable } from '../../shared/runtime/table.ts'
import * as identity from '../published/identity.ts'
import { picturesTable } from './pictures/table.ts'
import { personTable } from './privacy/table.ts'
import { profilesTable } from './table.ts'

export const table = openTable
export const profiles = () => profilesTable(openTable())
export const pictures = () => picturesTable(openTable())
export const person = () => personTable(openTable())
export const store = () => bucket(setting('BUCKET_NAME'))
export const findUser = () => call(identity.findUser)
/** Of someone who cannot be asked about, nothing is known. */
export const findUserIfAnswered = (): Call<typeof identity.findUser> => withFallback(findUser(), () => ({}))
export const currency = () => shopSettings().currency
