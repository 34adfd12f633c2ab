/** How queues are called: stacks name them so, and the `dead-letters` command finds them by it. */

const suffix = '-dead-letters'

/** @param functionName the function whose failures the queue holds; its own queue, if it has one, is called as it is */
export const deadLettersOf = (functionName: string): string => `${functionName}${suffix}`

/** @returns the function whose failures the queue holds; undefined for any other queue */
export const functionOfDeadLetters = (queueName: string): string | undefined =>
  queueName.endsWith(suffix) ? queueName.slice(0, -suffix.length) : undefined
