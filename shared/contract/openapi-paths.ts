/** One template for each path: OpenAPI takes `/products/{idOrSlug}` and `/products/{productId}` for the same one. */

/** Where parameters are, whatever they are called. */
const shapeOf = (path: string): string => path.replaceAll(/\{[^}]*\}/g, '{}')

const namesIn = (path: string): string[] => [...path.matchAll(/\{([^}]*)\}/g)].map(([, name = '']) => name)

/**
 * @param paths of all operations
 * @returns for a path the one template that stands for all of its shape (the one that most operations use), and how a
 * parameter of the path is called there
 */
export const onePathEach = (paths: readonly string[]) => {
  const chosen = new Map<string, string>()
  for (const shape of new Set(paths.map(shapeOf))) {
    const same = paths.filter((path) => shapeOf(path) === shape)
    const uses = (path: string): number => same.filter((other) => other === path).length
    chosen.set(
      shape,
      same.reduce((best, path) => (uses(path) > uses(best) ? path : best)),
    )
  }
  return (path: string): { template: string; nameOf: (parameter: string) => string } => {
    const template = chosen.get(shapeOf(path)) ?? path
    const [own, given] = [namesIn(path), namesIn(template)]
    return { template, nameOf: (parameter) => given[own.indexOf(parameter)] ?? parameter }
  }
}
