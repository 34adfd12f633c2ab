/**
 * Passwords: kept as Argon2id (RFC 9106; OWASP's parameters: 19 MiB, 2 passes, 1 lane) in PHC string format. Where Node
 * has no Argon2id yet (before 24.7), scrypt (N=2^17, r=8, p=1) stands in; either is read, and replaced at log-in.
 */
import crypto, { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const argon2Parameters = { memory: 19_456, passes: 2, parallelism: 1 }
const scryptParameters = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 }
const bytes = { salt: 16, hash: 32 }

type Scheme = { prefix: string; derive: (password: string, salt: Buffer) => Promise<Buffer> }

const argon2id: Scheme = {
  prefix: `$argon2id$v=19$m=${argon2Parameters.memory},t=${argon2Parameters.passes},p=${argon2Parameters.parallelism}$`,
  derive: (password, salt) =>
    promisify(crypto.argon2)('argon2id', {
      message: Buffer.from(password),
      nonce: salt,
      tagLength: bytes.hash,
      ...argon2Parameters,
    }),
}

const scryptScheme: Scheme = {
  prefix: '$scrypt$ln=17,r=8,p=1$',
  derive: (password, salt) =>
    new Promise((resolve, reject) => {
      scrypt(password, salt, bytes.hash, scryptParameters, (error, key) => (error ? reject(error) : resolve(key)))
    }),
}

const schemes = [argon2id, scryptScheme]
const current = typeof crypto.argon2 === 'function' ? argon2id : scryptScheme

const encode = (data: Buffer): string => data.toString('base64').replace(/=+$/, '')

/** @returns a PHC string that holds scheme, parameters, salt and hash */
export const hashPassword = async (password: string): Promise<string> => {
  const salt = randomBytes(bytes.salt)
  return `${current.prefix}${encode(salt)}$${encode(await current.derive(password, salt))}`
}

/** Takes the same time for any password. `outdated`: the hash should be made anew, now that the password is known. */
export const verifyPassword = async (
  stored: string,
  password: string,
): Promise<{ right: boolean; outdated: boolean }> => {
  const scheme = schemes.find(({ prefix }) => stored.startsWith(prefix))
  if (!scheme) throw new Error('a stored password hash is of an unknown scheme')
  const [salt = '', hash = ''] = stored.slice(scheme.prefix.length).split('$')
  const expected = Buffer.from(hash, 'base64')
  const derived = await scheme.derive(password, Buffer.from(salt, 'base64'))
  const right = derived.length === expected.length && timingSafeEqual(derived, expected)
  return { right, outdated: scheme !== current }
}

/** A hash of nothing in particular: verifying against it costs what verifying a real one costs. */
export const decoyHash = `${current.prefix}${encode(Buffer.alloc(bytes.salt))}$${encode(Buffer.alloc(bytes.hash))}`
