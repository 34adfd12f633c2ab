/** What tells variants apart. Pure. */
import type { Options } from '../contract/schema.ts'
import { ownProperty } from './own-property.ts'

/** Whether both say the same by the same names, in whatever order; none are said by an empty record or nothing. */
export const areSameOptions = (a: Options = {}, b: Options = {}): boolean => {
  const given = Object.entries(a)
  return given.length === Object.keys(b).length && given.every(([name, value]) => ownProperty(b, name) === value)
}

/** The attribute of a line: none where there are none, so that items and answers hold nothing empty. */
export const optionsAttribute = (options: Options | undefined): { options?: Options } =>
  options && Object.keys(options).length > 0 ? { options } : {}
