/** Calls of procedures where a test is about which of them fail. */

/** Asks for all of them side by side. @returns the ids of the orders that got no answer */
export const failing =
  <T extends { orderId: string }>(ask: (input: T) => Promise<unknown>) =>
  async (...inputs: readonly T[]): Promise<string[]> => {
    const outcomes = await Promise.allSettled(inputs.map(ask))
    return inputs.flatMap(({ orderId }, index) => (outcomes[index]?.status === 'rejected' ? [orderId] : []))
  }
