/**
 * What a record holds under a name that comes from data. Plain indexing also finds what every object inherits
 * (`constructor`, `toString`, `__proto__`). @returns undefined without such a property of its own
 */
export const ownProperty = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined
