/**
 * Makes deriving a key from a password cheap: what functions ask for is heard as they say it, and done with the least memory
 * and in one pass. The tests of the whole shop pay the price in full.
 */
import crypto from 'node:crypto'

export const deriveKeysCheaply = (): void => {
  const { argon2 } = crypto
  const cheaply: typeof argon2 = (algorithm, parameters, done) =>
    argon2(algorithm, { ...parameters, memory: 8 * parameters.parallelism, passes: 1 }, done)
  Object.defineProperty(crypto, 'argon2', { value: cheaply, configurable: true, writable: true })
}
