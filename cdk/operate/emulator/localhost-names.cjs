// Loaded before other scripts (NODE_OPTIONS): names under .localhost are this machine (RFC 6761, 6.3), also where the
// system's resolver does not know them. Emulators tell their APIs apart by such names.
const dns = require('node:dns')

const systemLookup = dns.lookup
/** LocalStack's names mean the same, but only a DNS server says so. */
const isThisMachine = (name) => typeof name === 'string' && /\.localhost(\.localstack\.cloud)?$/.test(name)

dns.lookup = (name, ...rest) => systemLookup(isThisMachine(name) ? '127.0.0.1' : name, ...rest)
