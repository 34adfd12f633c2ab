/** @returns the environment variable that tells where a task's queue is: `send-receipt` -> `SEND_RECEIPT_QUEUE_URL` */
export const queueVariable = (task: string): string => `${task.toUpperCase().replaceAll('-', '_')}_QUEUE_URL`

/** The variable by which a relay knows the queue in which it leaves word of what it gave up. */
export const deadLettersVariable = 'DEAD_LETTERS_URL'
