// Loaded before any script: an older Node cannot read the TypeScript that follows, and would only say so in its own words.
const major = Number(process.versions.node.split('.')[0])
if (major < 24) {
  console.error(
    `This needs Node 24, which npm brings along for Linux and macOS. Here it is ${process.versions.node}: run npm install without --omit=optional, or install Node 24 yourself.`,
  )
  process.exit(1)
}
