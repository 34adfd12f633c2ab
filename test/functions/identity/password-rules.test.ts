import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { acceptablePassword } from '../../../functions/identity/passwords/password-rules.ts'

const shopName = 'The Corner Shop'
const email = 'grace.hopper@navy.example'
const judged = (password: string) => acceptablePassword(password, { shopName, email })

/** From lists of most used passwords that are none of the list's sources, and what is made of them. */
const common = `1234567890 12345678910 0123456789 9876543210 1111111111 1212121212 123123123123 1234554321 11223344556
  qwertyuiop qwerty12345 qwerty123456 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc qazwsxedcrfv asdfghjkl1 zxcvbnm123 Aa123456789
  a123456789 abcd123456 abc1234567 abcdefghij password12 password123 password1234 Password123 Password@123 P@ssw0rd123
  P@ssword123 Pa$$w0rd123 passw0rd!! Passw0rd1234 password2027 Password2027! Summer2027!! winter2026 january2027
  welcome123 Welcome@123 letmein1234 changeme123 iloveyou12 iloveyou123 sunshine12 princess123 football123 baseball12
  basketball monkey12345 dragon12345 shadow1234 master1234 michael1234 jennifer12 jordan2323 superman123 batman12345
  admin12345 admin@1234 administrator adminadmin root123456 test123456 testtest12 user123456 india@1234 qwerty@123
  google1234 facebook12 liverpool1 manchester chelsea123 arsenal123 barcelona1 pokemon123 starwars12 christopher elizabeth1
  california1 strawberry watermelon sweetheart chocolate1 butterfly1 tinkerbell aaaaaaaaaa aaaaaaaaab abababababab
  asdfasdfasdf passpasspass qweqweqweqwe zzzzzzzzzz 1a2b3c4d5e q1w2e3r4t5 trustno1trustno1 4815162342 1029384756`

describe('password rules', () => {
  for (const password of common.split(/\s+/)) test(`refuse ${password}`, () => assert.equal(judged(password).ok, false))

  for (const password of [
    'TheCornerShop',
    'the-corner-shop-1',
    'Grace.Hopper',
    'hopper12345678',
    'grace@navy!!',
    email,
  ])
    test(`refuse ${password}, which is the shop's or the person's name`, () => assert.equal(judged(password).ok, false))

  for (const password of [
    'a quiet harbour at dusk',
    'ten chars!!',
    'correct donkey cell paperclip',
    'Pässwörter überall',
    '大きな木の下で遊ぶ子供たち',
    'mK4$vq9Lw2',
    'grace rides a yellow bicycle',
    'let-me-run-the-shop',
  ])
    test(`take ${password}`, () => assert.equal(judged(password).ok, true))

  test('say how long one has to be, in code points', () => {
    const of = (password: string, forStaff = false) => acceptablePassword(password, { shopName, email, forStaff })
    assert.equal(of('🐙🦀🐡🦑🐬🐳🦈🐟🐠').ok, false, 'nine')
    assert.equal(of('🐙🦀🐡🦑🐬🐳🦈🐟🐠🐢').ok, true, 'ten')
    assert.equal(of('fourteen chars').ok, true)
    assert.equal(of('fourteen chars', true).ok, false)
    assert.equal(of(`${'long enough '.repeat(10)}9 more ok`).ok, false, '129')
  })
})
