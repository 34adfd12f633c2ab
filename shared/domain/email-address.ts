/** E-mail addresses as they are compared and mailed to: RFC 5321, with domains in any script by RFC 5891 and UTS 46. Pure. */
/** RFC 5321, 4.1.2: a dot-string of atext. */
const localPart = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i

/** As people write it, letters of any script; `URL` itself would take escapes, ports and numbers for a host. */
const writtenDomain = /^(?:[\p{L}\p{M}\p{N}\u30FB\u00B7.\u3002\uFF0E\uFF61-]|\u200C|\u200D)+$/u

/** Labels of at most 63 letters, digits and inner hyphens (RFC 1035); the last is no number (RFC 3696, 2). */
const asciiDomain = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,58}[a-z0-9])$/

/** Characters before the @ (RFC 5321, 4.5.3.1.1). */
const maxLocalLength = 64

const partsOf = (address: string): [local: string, domain: string] => {
  const at = address.lastIndexOf('@')
  return at === -1 ? [address, ''] : [address.slice(0, at), address.slice(at + 1)]
}

/**
 * What is wrong with the part before the @, in words. Looked at before anything is put in lower case: some letters become ASCII by
 * that (`K` of Kelvin, U+212A), and would make one address of two. `=?` begins an encoded word (RFC 2047), which some mail
 * programs decode even in an address and so deliver elsewhere.
 */
export const localPartFault = (address: string): string | undefined => {
  const [local, domain] = partsOf(address)
  if (domain === '') return 'Must be an e-mail address.'
  if (/[^\x20-\x7E]/.test(local))
    return 'Must have only the letters a to z, digits and signs before the @: mail to other letters cannot be sent.'
  if (local.includes('"')) return 'Must have no quotation marks before the @: mail to such addresses cannot be sent.'
  if (!localPart.test(local) || local.includes('=?'))
    return "Must have letters, digits, single dots inside, and !#$%&'*+/=?^_`{|}~- before the @."
  return undefined
}

/** In lower case, its domain in ASCII; what has no such form comes back as it is, and is no address by the pattern. */
export const canonicalAddress = (address: string): string => {
  const [local, domain] = partsOf(address)
  // Not node:url's domainToASCII, which does the same: the types of the client, for browsers too, come by here.
  const ascii = writtenDomain.test(domain) ? URL.parse(`ws://${domain}`)?.hostname : undefined
  return ascii === undefined ? address : `${local.toLowerCase()}@${ascii}`
}

/** Whether mail can be sent to it. @param address in the form that {@link canonicalAddress} gives */
export const isMailAddress = (address: string): boolean => {
  const [local, domain] = partsOf(address)
  return local.length <= maxLocalLength && localPartFault(address) === undefined && asciiDomain.test(domain)
}
