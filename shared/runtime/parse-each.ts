/** Reads the items of a list one by one. */
import { asError } from './errors.ts'
import { logger } from './observability.ts'

/**
 * The items of a list as they are read; one that cannot be read is left out and logged as an error, so that it costs
 * itself and not the list. @param what an item is, for the log
 */
export const parseEach = <Raw extends { pk?: unknown; sk?: unknown }, Parsed>(
  items: readonly Raw[],
  parse: (item: Raw) => Parsed,
  what: string,
): Parsed[] =>
  items.flatMap((item) => {
    try {
      return [parse(item)]
    } catch (error) {
      logger.error(`${what} cannot be read and is left out`, {
        item: `${String(item.pk)} ${String(item.sk)}`,
        error: asError(error),
      })
      return []
    }
  })
