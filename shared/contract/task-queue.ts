/** @returns the environment variable that tells where a task's queue is: `send-receipt` -> `SEND_RECEIPT_QUEUE_URL` */
export const queueVariable = (task: string): string => `${task.toUpperCase().replaceAll('-', '_')}_QUEUE_URL`
