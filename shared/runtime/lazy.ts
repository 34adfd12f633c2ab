/** Makes a value at its first use and keeps it: instances of functions live long, but start with nothing they need not have. */
export const lazy = <T>(make: () => T): (() => T) => {
  let kept: { value: T } | undefined
  return () => {
    kept ??= { value: make() }
    return kept.value
  }
}
