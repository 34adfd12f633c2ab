/** The documentation page in a real browser. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, describe, test } from 'node:test'
import { type Browser, chromium, type Page } from 'playwright-core'
import { openShop } from '../support/shop.ts'

const candidates = [
  process.env.CHROMIUM_PATH ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]
const executablePath = candidates.find((path) => path !== '' && existsSync(path))

/** Nothing but the page itself: browsers otherwise call home at their start. */
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

describe('the docs page', {
  skip: executablePath ? false : 'no Chromium is installed here; set CHROMIUM_PATH to look at the page in one',
}, async () => {
  if (!executablePath) return
  const shop = await openShop()
  const browser: Browser = await chromium.launch({ executablePath, args })
  after(async () => {
    await browser.close()
    await shop.stop()
  })

  const open = async (
    options: Parameters<Browser['newPage']>[0] = {},
  ): Promise<{ page: Page; complaints: string[]; outside: string[] }> => {
    const page = await browser.newPage(options)
    const [complaints, outside]: [string[], string[]] = [[], []]
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('request', (request) => request.url().startsWith(shop.url) || outside.push(request.url()))
    await page.goto(`${shop.url}/docs`)
    return { page, complaints, outside }
  }

  test('leads to what the shop guarantees, which loads without complaint too', async () => {
    const { page, complaints, outside } = await open()
    await page.getByRole('link', { name: 'what we guarantee, and how we know' }).click()
    await page.waitForLoadState('networkidle')
    assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), 'What we guarantee, and how we know')
    assert.ok((await page.locator('#promise tr').count()) > 10)
    assert.deepEqual({ complaints, outside }, { complaints: [], outside: [] })
    await page.close()
  })

  test('loads without complaint, and from the shop alone', async () => {
    const { page, complaints, outside } = await open()
    await page.waitForLoadState('networkidle')
    assert.deepEqual(complaints, [])
    assert.deepEqual(outside, [])
    assert.match(await page.title(), /API/)
    assert.ok((await page.locator('details.card').count()) > 50)
    await page.close()
  })

  test('filters as one types, by keyboard alone', async () => {
    const { page } = await open()
    await page.keyboard.press('/')
    await page.keyboard.type('post orders')
    const shown = page.locator('details.card:visible')
    const all = await shown.count()
    assert.ok(all >= 2 && all < 20, `${all} cards`)
    await page.keyboard.type(' zzz')
    assert.equal(await shown.count(), 0)
    assert.ok(await page.locator('#none').isVisible())
    await page.keyboard.press('Escape')
    assert.ok((await shown.count()) > 50)
    await page.close()
  })

  test('opens an endpoint, and shows how to call it', async () => {
    const { page } = await open()
    const card = page.locator('#placeOrder')
    await card.locator('> summary').click()
    assert.match((await card.locator('.command code').textContent()) ?? '', /curl -X POST '.*\/orders'/)
    assert.match((await card.textContent()) ?? '', /IDEMPOTENCY_KEY_MISSING/)
    await page.close()
  })

  test('an address with a name opens what it names', async () => {
    const { page } = await open()
    await page.goto(`${shop.url}/docs#event-order.confirmed`)
    await page.waitForFunction("document.getElementById('event-order.confirmed').open")
    assert.ok(await page.locator('[id="event-order.confirmed"] .inside').isVisible())
    await page.close()
  })

  test('is dark where the reader wants it so, and fits a narrow screen', async () => {
    const backgrounds: string[] = []
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page } = await open({ colorScheme, viewport: { width: 380, height: 800 } })
      backgrounds.push(await page.evaluate('getComputedStyle(document.body).backgroundColor'))
      assert.equal(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), true)
      await page.close()
    }
    assert.notEqual(backgrounds[0], backgrounds[1])
  })

  for (const width of [380, 1440])
    test(`and what the shop guarantees fit a screen of ${width} pixels, with columns that can be read`, async () => {
      const { page } = await open({ viewport: { width, height: 800 } })
      for (const path of ['/docs', '/docs/guarantees']) {
        await page.goto(`${shop.url}${path}`)
        assert.equal(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), true, path)
      }
      const columns = await page
        .locator('#found tr:nth-child(2) td')
        .evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect().width))
      assert.equal(columns.length, 3)
      for (const each of columns) assert.ok(each >= 140, `${columns}`)
      await page.close()
    })

  test('is complete without its script', async () => {
    const { page } = await open({ javaScriptEnabled: false })
    await page.locator('#placeOrder > summary').click()
    assert.ok(await page.locator('#placeOrder .inside').isVisible())
    await page.close()
  })
})
