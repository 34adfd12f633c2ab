/** The network that an internet address is counted as where something is limited: who has one has all of it. */

const firstGroups = 4

/** An IPv4 address stands for itself, also where it is written as IPv6 (`::ffff:192.0.2.1`); of IPv6 a customer has a /64. */
export const networkOf = (address: string): string => {
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? []
  if (mapped !== undefined) return mapped
  if (!address.includes(':')) return address
  const [head = '', tail] = address.toLowerCase().split('%', 1)[0]?.split('::') ?? []
  const groupsIn = (part: string) => part.split(':').filter((group) => group !== '')
  const [first, last] = [groupsIn(head), groupsIn(tail ?? '')]
  const zeros = Array<string>(Math.max(0, 8 - first.length - last.length)).fill('0')
  const groups = [...first, ...zeros, ...last].slice(0, firstGroups)
  return groups.map((group) => group.replace(/^0+(?=.)/, '')).join(':')
}
