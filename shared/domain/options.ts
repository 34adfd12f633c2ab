/** What tells variants apart. Pure. */
import type { Options } from '../contract/schema.ts'

/** Whether both say the same by the same names, in whatever order; none are said by an empty record or nothing. */
export const areSameOptions = (a: Options = {}, b: Options = {}): boolean => {
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && a[name] === b[name])
}

/** The attribute of a line: none where there are none, so that items and answers hold nothing empty. */
export const optionsAttribute = (options: Options | undefined): { options?: Options } =>
  options && Object.keys(options).length > 0 ? { options } : {}
