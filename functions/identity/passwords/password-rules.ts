/**
 * Which passwords may be used. Pure but for the hash function of the list. NIST SP 800-63B: length, and nothing that is
 * tried first: what is on lists of leaked passwords, dictionary words with a few digits, the name of the service or of the
 * person and what is derived from these, characters in sequence or repeated. No rules of composition.
 */
import { ok, type Result, refused } from '../../../shared/domain/result.ts'
import { passwordLengths } from '../schema.ts'
import { isListed } from './common-passwords.ts'

const lengthOf = (password: string): number => [...password].length

export const isLongPassword = (password: string): boolean => lengthOf(password) >= passwordLengths.leastForStaff

const letters = (text: string): string => text.toLowerCase().replace(/[^\p{L}]/gu, '')
const withoutMarks = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, '')
const withoutEnd = (text: string): string => text.replace(/\P{L}+$/u, '')
const withoutEnds = (text: string): string => withoutEnd(text).replace(/^\P{L}+/u, '')

const substitutes: Readonly<Record<string, string>> = {
  '@': 'a',
  '4': 'a',
  '3': 'e',
  '1': 'i',
  '!': 'i',
  '0': 'o',
  '5': 's',
  $: 's',
  '7': 't',
}
/** `p@ssw0rd` -> `password`. */
const spelledOut = (text: string): string => text.replace(/[@431!05$7]/g, (sign) => substitutes[sign] ?? sign)

/** More digits and signs than this around a common word make up for the word. */
const maxDecoration = 8

/** On the list, as it is, spelled with signs for letters, or as a word with a few digits and signs around it. */
const isCommon = (lower: string): boolean => {
  const whole = [lower, withoutMarks(lower), spelledOut(lower)]
  const words = [withoutEnds(lower), spelledOut(withoutEnd(lower)), spelledOut(withoutEnds(lower))]
  return (
    whole.some(isListed) ||
    words.some((word) => word !== '' && lengthOf(lower) - lengthOf(word) <= maxDecoration && isListed(word))
  )
}

const maxRuns = 3

/** Runs of one character, or of characters that follow each other in either direction: `aa123456789` has two. */
const runsOf = (characters: readonly string[]): number => {
  const codes = characters.map((character) => character.codePointAt(0) ?? 0)
  let runs = 1
  let step: number | undefined
  for (const [index, code] of codes.entries()) {
    const before = codes[index - 1]
    if (before === undefined) continue
    const difference = code - before
    const goesOn = Math.abs(difference) <= 1 && (step === undefined || step === difference)
    if (!goesOn) runs += 1
    step = goesOn ? difference : undefined
  }
  return runs
}

/** How many characters it takes to tell all the others: 4 for `asdfasdfasdf`. */
const periodOf = (characters: readonly string[]): number => {
  const period = characters.findIndex(
    (_, shift) =>
      shift > 0 && characters.every((character, index) => index < shift || character === characters[index - shift]),
  )
  return period < 0 ? characters.length : period
}

const isMonotonous = (lower: string): boolean => {
  const characters = [...lower]
  return runsOf(characters) <= maxRuns || periodOf(characters) < passwordLengths.least / 2
}

/** Letters that must be left when the names are taken out. */
const leastBesideNames = 4

/** The name of the shop, the address or its local part, or the parts of that, and hardly anything else. */
const isAboutNames = (password: string, names: readonly string[]): boolean => {
  const left = names.reduce((text, name) => text.replaceAll(name, ''), letters(password))
  return left !== letters(password) && left.length < leastBesideNames
}

const namesOf = (shopName: string, email: string): string[] => {
  const [local = '', domain = ''] = email.split('@')
  const label = domain.split('.').at(-2) ?? ''
  return [`${local}${domain}`, shopName, local, ...local.split(/[._+-]/), label]
    .map(letters)
    .filter((name) => name.length >= 3)
    .sort((one, other) => other.length - one.length)
}

/** @param shopName of the shop that it is for @returns the password, if it may be used */
export const acceptablePassword = (
  password: string,
  { shopName, email, forStaff = false }: { shopName: string; email: string; forStaff?: boolean },
): Result<string, 'PASSWORD_TOO_WEAK'> => {
  const least = forStaff ? passwordLengths.leastForStaff : passwordLengths.least
  const length = lengthOf(password)
  if (length < least) return refused('PASSWORD_TOO_WEAK', `A password has at least ${least} characters.`)
  if (length > passwordLengths.most)
    return refused('PASSWORD_TOO_WEAK', `A password has at most ${passwordLengths.most} characters.`)
  const lower = password.toLowerCase()
  if (isMonotonous(lower))
    return refused(
      'PASSWORD_TOO_WEAK',
      'This password repeats a few characters, or runs through the alphabet or the digits.',
    )
  if (isAboutNames(password, namesOf(shopName, email)))
    return refused('PASSWORD_TOO_WEAK', 'This password is the name of the shop or of the account, and little more.')
  return isCommon(lower)
    ? refused('PASSWORD_TOO_WEAK', 'This password is on the lists of common passwords, which are tried first.')
    : ok(password)
}
