import assert from 'node:assert/strict';
import type { Person } from '../../src/staging/cloud/directory.ts';
import { AUTUMN } from './graph-calendar.ts';
import type { AnswerBody, SimulatedCloud } from './simulated-cloud.ts';

export interface Round {
  readonly pages: readonly AnswerBody[];
  readonly rows: readonly AnswerBody[];
  /** Where the next round begins. */
  readonly link: string;
}

/** Where a first round begins; the window is autumn 2026 unless the query says another. */
export function deltaPath(owner: Person, query = AUTUMN): string {
  return `/users/${owner.entraId}/calendarView/delta?${query}`;
}

/** Follows a round to its end. */
export async function playRound(cloud: SimulatedCloud, from: string, pageSize = 50): Promise<Round> {
  const pages: AnswerBody[] = [];
  let link = from;
  for (let n = 0; n < 100; n += 1) {
    const headers = { prefer: `odata.maxpagesize=${pageSize}, outlook.timezone="UTC"` };
    const { status, json } = await cloud.call('GET', link, { headers });
    assert.equal(status, 200, JSON.stringify(json));
    pages.push(json);
    const { '@odata.nextLink': next, '@odata.deltaLink': last } = json;
    if (last !== undefined) return { pages, rows: pages.flatMap(({ value }) => value), link: last };
    assert.ok(next);
    link = next;
  }
  throw new Error('the round does not end');
}

/** `removed`, or the type of each row. */
export function kinds({ rows }: Round): string[] {
  return rows.map((row) => (row['@removed'] === undefined ? row.type : 'removed'));
}
