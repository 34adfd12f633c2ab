/** Reads a block of shell as far as is needed to tell what bash, zsh and dash would read differently. */

type Part = 'plain' | 'single' | 'double'

/** The text outside of quotes, and the double-quoted text, each with everything else blanked out. */
const unquoted = (block: string): { plain: string; double: string; closed: boolean } => {
  const open: Part[] = ['plain']
  let plain = ''
  let double = ''
  for (let at = 0; at < block.length; at += 1) {
    const part = open.at(-1) ?? 'plain'
    const character = block.charAt(at)
    const isPlain = part === 'plain'
    plain += isPlain ? character : character === '\n' ? '\n' : '_'
    double += part === 'double' ? character : ' '
    if (part === 'single') {
      if (character === "'") open.pop()
    } else if (character === '\\') {
      plain += isPlain ? ' ' : '_'
      double += ' '
      at += 1
    } else if (character === '"') {
      if (isPlain) open.push('double')
      else open.pop()
    } else if (isPlain && character === "'") open.push('single')
    else if (character === '(' && (isPlain || block.charAt(at - 1) === '$')) open.push('plain')
    else if (character === ')' && isPlain) open.pop()
  }
  return { plain, double, closed: open.length === 1 }
}

/** @returns what one of the shells would read otherwise than it is meant, in words; nothing where all agree */
export const faultsOfBlock = (block: string): string[] => {
  const { plain, double, closed } = unquoted(block)
  // A test's brackets are words of their own.
  const words = plain.replaceAll(/(?<=^|\s)\[(?=\s)|(?<=\s)\](?=$|[\s;])/gm, ' ')
  const rules: readonly [fault: boolean, what: string][] = [
    [!closed, 'a quote or bracket is not closed'],
    [/(^|\s)#/m.test(plain), 'a comment: zsh at a terminal has none'],
    [/[*?[\]]/.test(words), 'a pattern that is not quoted: zsh looks for files'],
    [/!/.test(plain + double), 'an exclamation mark that is not in single quotes recalls history'],
    [/\bread\b[^\n;]* -\w*p/.test(plain), 'read with a prompt: -p is something else in zsh'],
    [/\bread\b[^\n]*\n\s*\S/.test(plain), 'read would take the next line that is pasted for its answer'],
    [/\bfor \w+ in [^;\n]*\$/.test(plain), 'for over a variable: zsh does not split it into words'],
    [/(^|\s)(status|path|argv)=/m.test(plain), 'status, path and argv are variables of zsh itself'],
    [/\$\{\w+[:^,/[]\w/.test(plain + double), 'a part of a variable is not for every shell'],
    [/(^|\s)=\w/m.test(plain), 'a word that begins with = is the path of a command in zsh'],
  ]
  return rules.flatMap(([fault, what]) => (fault ? [what] : []))
}
