/** "What we guarantee, and how we know": the invariants, what may fail, and what the simulation found. */
import { shopSettings } from '../../../shared/runtime/settings.ts'
import { figures, findings, sabotagesFound } from './figures.ts'
import { type Html, html } from './html.ts'

const invariants: readonly (readonly [name: string, text: string])[] = [
  ['S1', 'Of every SKU: on hand, reserved and available (on hand less reserved) are never below zero, at any moment.'],
  [
    'S2',
    'Received and returned goods are on hand, sold or written off; what is reserved is what live reservations hold.',
  ],
  ['S3', 'A reservation belongs to one order and ends once: rejected, released or committed, never two of these.'],
  [
    'M1',
    'Captured is at most authorized, refunded at most captured, at any moment; nothing taken for a cancelled order is kept.',
  ],
  ['M2', 'The provider took and gave back exactly what we know of, and holds nothing for an order that has ended.'],
  ['M3', 'The ledger sums to zero after every write.'],
  [
    'M4',
    'An order’s total is lines less discount plus shipping plus tax, to the cent as prices, rates and weights say, and is what was authorized.',
  ],
  [
    'M5',
    'What comes back is worth what was paid for it, tax included; all of it together exactly what all of it cost; and that much is given back, by hand or for the goods.',
  ],
  ['O1', 'One idempotency key makes one order; a shopper’s list shows exactly their orders.'],
  ['T1', 'An order is of what its cart held, at the prices that it showed.'],
  ['O2', 'Every order comes to rest: completed, cancelled, returned, or delivered and waiting.'],
  ['O3', 'An order follows its transition table; its version only grows; its history is never rewritten.'],
  [
    'O4',
    'When an order is confirmed it has its stock and its authorization, and its time is not over; when it is shipped, delivered or cancelled, its goods are.',
  ],
  ['O5', 'A shipment follows its own table, and leaves only for an order that is confirmed.'],
  ['O6', 'Nothing is reserved, authorized or sent for an order that is not written down.'],
  ['V1', 'Whoever writes an item has seen its latest version.'],
  [
    'E1',
    'Every event that was written reaches each of its consumers, and none stays a dead letter once nothing fails.',
  ],
  [
    'E2',
    'An event has its effect once, however often it comes: what the catalogue shows and what reconciliation reckons is what there is.',
  ],
  ['E3', 'The events of an aggregate are numbered without gaps; one number means one event.'],
  ['E4', 'A message is worked off only when what it asks for is done: no failure on the way is swallowed.'],
  ['R1', 'A product’s rating is that of the reviews that can be seen, star by star, at any moment.'],
  ['R2', 'A product is reviewed by those to whom it was delivered, once each.'],
  [
    'C1',
    'What was bought is taken out of its cart, once, and nothing that came later; carts that become one lose nothing.',
  ],
  ['C2', 'A cart is there for 30 days after its last change.'],
  ['C3', 'Of a cart there is one order at a time.'],
  ['I1', 'Search finds what is on sale, as it is now, and nothing else.'],
  ['H1', 'No request is answered with 500: what cannot be done just now may be asked again.'],
  ['F1', 'How many follow whom is exactly what the edges between people say.'],
  ['F2', 'Friends are those who follow each other, seen from both sides.'],
  ['F3', 'What friends do is told to their friends, once, and never to themselves.'],
  [
    'P1',
    'What is another’s is not there: a stranger who asks for it is told so. Of somebody who was erased nothing is left in any table, and every service has said so.',
  ],
  [
    'Q1',
    'A repeated request is answered as the first was, up to 48 hours later; the same key with another body is refused; what was told of can be read.',
  ],
]

const faults: readonly (readonly [where: string, what: string])[] = [
  [
    'Any call of AWS',
    'fails before it acts; acts, and the answer is lost; is repeated by the SDK; acts again much later; is throttled; conflicts; takes longer than anyone waits; is done in part',
  ],
  [
    'A function',
    'ends before or after any of its calls; times out; runs twice at once on the same input; starts with nothing remembered; has a clock that is off; decides by what it read a while ago',
  ],
  [
    'A service that is asked',
    'gives no answer, once or for hours, and may have done what it was asked: stock, money, prices, carriage, a shipment to be stopped, who is staff',
  ],
  ['Expired items', 'are deleted at once, or up to two days late'],
  [
    'The event path',
    'delivers late (up to 25 hours), twice, again after it was done, in another order; loses the relay’s checkpoint; takes some entries of a batch and not others; stands still for hours',
  ],
  [
    'People',
    'ask twice at once, ask again after minutes or two days, give up half-way, use a key for something else; order one cart in two tabs, and go on using it; cancel while the goods leave; send back before the delivery is known, in parts, less than announced, or not at all; give back all there is and a cent more',
  ],
  ['The provider', 'declines, answers late, answers twice, never answers, reports by event before its call returns'],
]

const table = (heads: readonly string[], rows: readonly (readonly (string | number)[])[]): Html =>
  html`<div class="wide"><table><tr>${heads.map((head) => html`<th>${head}</th>`)}</tr>${rows.map(
    (cells) => html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`,
  )}</table></div>`

const number = (value: number): string => value.toLocaleString('en')

/** The whole page; it has no script. */
export const guaranteesPage = (): string => {
  const title = 'What we guarantee, and how we know'
  const { model, engine } = figures
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${shopSettings().name}: ${title}</title><link rel="icon" href="/docs/sign.svg"><link rel="stylesheet" href="/docs/style.css"></head><body><div class="frame"><nav aria-label="Pages"><strong><img src="/docs/sign.svg" width="24" height="24" alt="">${shopSettings().name}</strong><ul><li><a href="/docs">The API</a></li><li><a href="#promise">The promise</a></li><li><a href="#faults">What may fail</a></li><li><a href="#figures">Figures</a></li><li><a href="#found">What was found</a></li><li><a href="#sabotage">Deliberate bugs</a></li></ul></nav><main><h1>${title}</h1><p class="lead">Nothing is oversold, nobody is charged twice, every captured payment belongs to one order, and every order comes to rest, whatever fails in between.</p>
<section id="promise"><h2>The promise</h2><p>These hold at every moment or, where that cannot be, once nothing fails any more and every deadline has passed.</p>${table(['', 'Invariant'], invariants)}</section>
<section id="faults"><h2>What may fail</h2>${table(['Where', 'What'], faults)}<p>Not among them: the loss of data that the database has acknowledged.</p><p>The simulation does not cover how people log in, profiles and pictures, wishlists, the import and export of products, what people are told of themselves on request, orders of more than three lines but in transactions that take as few, other currencies than the euro, countries other than Germany and Austria, and Stripe: there, tests say what holds.</p></section>
<section id="figures"><h2>How we know</h2><p>The real functions run in one process, with a virtual clock, and every call they make stops at a gate. One seed decides everything: who comes, what they wish, how long each call takes, and what fails. After each run all faults stop, the clock moves past every deadline, dead letters are put back, and every invariant must hold. The same seed tells the same story to the byte, on a model of the database as on the real engine. In half of the runs the sweeps that look for what is stuck never run, because nothing may depend on them; what takes up orders by the clock always does.</p>${table(
    ['', 'Model', 'Engine'],
    [
      ['Runs', `${number(model.runs)}, ${number(model.aimed)} of them to crash one call`, number(engine.runs)],
      ['Faults injected', number(model.faults), number(engine.faults)],
      ['Broken invariants', model.broken, engine.broken],
      ['Call sites, crashed before and after', `${model.sitesCrashed} of ${model.sites}`, ''],
      ['Invariants', invariants.length, invariants.length],
      ['Deliberate bugs found', `${sabotagesFound.length} of ${sabotagesFound.length}`, ''],
    ],
  )}<p>As printed on ${figures.date} by <code>npm run simulate -- --runs ${model.runs - model.aimed} --cover</code>, <code>npm run simulate -- --engine --runs ${engine.runs}</code> and <code>npm run simulate -- --sabotage all</code>. A single run again: <code>npm run simulate -- --seed 7 --trace</code>.</p></section>
<section id="found" class="prose"><h2>What was found</h2><p>Each has a test that is named here.</p>${table(['What went wrong', 'What holds now', 'Test'], findings)}</section>
<section id="sabotage"><h2>Deliberate bugs</h2><p>A machine that finds nothing must show that it can see. Each of these is put into the source on its way into the process, and has to be found.</p>${table(['Bug', 'Runs needed', 'Broken', 'Shoppers left', 'Faults left'], sabotagesFound)}</section></main></div></body></html>`
    .html
}
