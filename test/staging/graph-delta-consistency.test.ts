import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import type { Person } from '../../src/staging/cloud/directory.ts';
import { makeTestTls } from '../net/test-certificate.ts';
import { deltaPath } from './delta-client.ts';
import { AUTUMN, at, events, MONDAYS, utc } from './graph-calendar.ts';
import { type AnswerBody, type SimulatedCloud, startCloud } from './simulated-cloud.ts';

type Deed = 'book' | 'book-series' | 'move' | 'rename' | 'delete';

interface Step {
  readonly deed: Deed;
  /** Which of the events that there are. */
  readonly pick: number;
  readonly day: number;
}

const STEPS = fc.record<Step>({
  deed: fc.constantFrom<Deed>('book', 'book-series', 'move', 'move', 'rename', 'delete'),
  pick: fc.nat(1_000),
  day: fc.integer({ min: 0, max: 120 }),
});

let cloud: SimulatedCloud;
let astrid: Person;

before(async () => {
  cloud = await startCloud({ tls: await makeTestTls(), https: true });
  [astrid] = cloud.context.directory.people as [Person];
});
after(async () => await cloud.stop());

test('never loses a change to a client that follows the rules, whatever rounds are spoiled', async () => {
  const spoilt = [
    'delta-gone',
    'empty-page',
    'replay-rows',
    'split-series',
    'master-missing',
    'report-removed',
  ];
  for (const kind of spoilt) await cloud.control('POST', 'misbehaviour', { kind, probability: 0.15 });
  const client = new Client();
  let compared = 0;
  for (const [n, step] of fc.sample(STEPS, { numRuns: 160, seed: 4_711 }).entries()) {
    await take(step);
    if (n % 8 !== 0) continue;
    await client.round();
    const expected = await truth();
    assert.deepEqual(await client.shown(), expected, `after step ${n}`);
    compared += expected.length;
  }
  assert.ok(compared > 300, `only ${compared} events were compared`);
});

/** What keeps a picture of the window up to date with delta alone (reference: graph.md 3.3 and 3.4). */
class Client {
  #link: string | null = null;
  #singles = new Map<string, AnswerBody>();
  #series = new Set<string>();

  async round(): Promise<void> {
    const rows = await this.#rows();
    const touched = new Set<string>();
    for (const row of rows) {
      if (row['@removed'] !== undefined) {
        this.#singles.delete(row.id);
        this.#series.delete(row.id);
      } else if (row.type === 'singleInstance') this.#singles.set(row.id, row);
      else touched.add(row.seriesMasterId ?? row.id);
    }
    for (const id of touched) this.#series.add(id);
  }

  /** As a client would: whenever a series is touched its instances are read. */
  async shown(): Promise<string[]> {
    const instances: AnswerBody[] = [];
    for (const id of this.#series) {
      const { status, json } = await cloud.call('GET', `${at(astrid, { id })}/instances?${AUTUMN}&$top=100`);
      if (status === 200) instances.push(...json.value);
    }
    return [...this.#singles.values(), ...instances].map(line).toSorted();
  }

  async #rows(): Promise<AnswerBody[]> {
    const rows: AnswerBody[] = [];
    let link = this.#link ?? deltaPath(astrid);
    for (;;) {
      const { status, json } = await cloud.call('GET', link, { headers: { prefer: 'odata.maxpagesize=5' } });
      if (status === 410) return await this.#anew();
      rows.push(...json.value);
      const { '@odata.nextLink': next, '@odata.deltaLink': last } = json;
      this.#link = last ?? this.#link;
      if (next === undefined) return rows;
      link = next;
    }
  }

  async #anew(): Promise<AnswerBody[]> {
    this.#link = null;
    this.#singles = new Map();
    this.#series = new Set();
    return await this.#rows();
  }
}

async function truth(): Promise<string[]> {
  const as = cloud.context.directory.outlook;
  const path = `/users/${astrid.entraId}/calendarView?${AUTUMN}&$top=1000`;
  return (await cloud.call('GET', path, { as })).json.value.map(line).toSorted();
}

function line({ id, subject, start, type }: AnswerBody): string {
  return `${start.dateTime} ${type} ${subject} ${id}`;
}

async function take({ deed, pick, day }: Step): Promise<void> {
  const as = cloud.context.directory.outlook;
  const times = { start: timeOn(day, 12), end: timeOn(day, 13) };
  if (deed === 'book')
    await cloud.call('POST', events(astrid), { as, body: { subject: `single ${pick}`, ...times } });
  else if (deed === 'book-series') await cloud.call('POST', events(astrid), { as, body: MONDAYS });
  else {
    const path = await anyEvent(pick);
    if (path === null) return;
    if (deed === 'delete') await cloud.call('DELETE', path, { as });
    else
      await cloud.call('PATCH', path, { as, body: deed === 'move' ? times : { subject: `renamed ${pick}` } });
  }
}

// Singles, masters, occurrences and exceptions alike; a move that crosses a neighbour is refused, which is fine.
async function anyEvent(pick: number): Promise<string | null> {
  const as = cloud.context.directory.outlook;
  const masters = (await cloud.call('GET', `${events(astrid)}?$top=1000&$select=id`, { as })).json.value;
  const window = 'startDateTime=2026-09-01&endDateTime=2027-03-01';
  const shown = await cloud.call(
    'GET',
    `/users/${astrid.entraId}/calendarView?${window}&$top=1000&$select=id`,
    { as },
  );
  const all = [...masters, ...shown.json.value];
  const picked = all[pick % Math.max(1, all.length)];
  return picked === undefined ? null : at(astrid, picked);
}

// From 15 September 2026: some of the days lie before the window and some behind it.
function timeOn(day: number, hour: number): ReturnType<typeof utc> {
  const at = Temporal.PlainDate.from('2026-09-15').add({ days: day }).toPlainDateTime({ hour });
  return utc(at.toString());
}
