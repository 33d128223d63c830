import { type Context, Hono } from 'hono';
import type { CloudContext } from '../../cloud-context.ts';
import { queryOf } from '../graph-call.ts';
import { invalid } from '../graph-refusal.ts';
import { graphState } from '../graph-state.ts';
import { mailboxReader } from '../mailbox-call.ts';
import { readPreferences } from '../preferences.ts';
import { readWindow, type TimeWindow } from '../time-window.ts';
import { type DeltaRound, firstRound, keepRound, keptRound, laterRound } from './delta-rounds.ts';
import { type DeltaView, rowsOf } from './delta-rows.ts';
import { goneRefusal, readDeltaToken, readSkipToken, type SkipToken, writeToken } from './delta-token.ts';

const REFUSED = ['$select', '$expand', '$filter', '$orderby', '$search', '$top', '$skip', '$count'];
const DEFAULT_PAGE = 10;

type Position = Pick<SkipToken, 'group' | 'row' | 'rested'>;

const BEGINNING: Position = { group: 0, row: 0, rested: false };

interface Page {
  readonly rows: readonly object[];
  /** Null on the last page. */
  readonly next: Position | null;
}

/** What changed in a window of the default calendar (reference: graph.md 3). */
export function deltaRoutes(context: CloudContext): Hono {
  const app = new Hono();
  for (const base of ['/v1.0/users/:u', '/v1.0/users/:u/calendar'] as const) {
    app.get(`${base}/calendarView/delta`, (c) => delta(context, c));
  }
  return app;
}

function delta(context: CloudContext, c: Context): Response {
  const reader = mailboxReader(context, c);
  const preferences = readPreferences(c);
  refuseOptions(queryOf(c));
  const url = `${context.baseUrl}${new URL(c.req.url).pathname}`;
  const { round, position } = roundOf(context, url, reader, queryOf(c));
  const view: DeltaView = { reader, preferences, window: round };
  const page = pageOf(context, view, round, position, preferences.pageSize ?? DEFAULT_PAGE);
  if (page.next !== null) keepRound(context, round);
  return c.json({
    '@odata.context': `${context.baseUrl}/v1.0/$metadata#Collection(event)`,
    ...linkOf(url, round, page.next),
    value: page.rows,
  });
}

function roundOf(
  context: CloudContext,
  url: string,
  reader: DeltaView['reader'],
  query: URLSearchParams,
): { readonly round: DeltaRound; readonly position: Position } {
  const { mailbox } = reader;
  const [skip, since] = [query.get('$skiptoken'), query.get('$deltatoken')];
  if (skip) {
    const token = readSkipToken(skip, mailbox);
    refuseGone(context, url, reader, token, 'middle');
    const round = keptRound(context, token.round);
    if (round === undefined) throw goneRefusal(url, token);
    return { round, position: token };
  }
  if (!since) return { round: firstRound(context, mailbox, readWindow(query)), position: BEGINNING };
  const token = readDeltaToken(since, mailbox);
  refuseGone(context, url, reader, token, 'start');
  const round = laterRound(context, mailbox, token.since, { from: token.from, to: token.to });
  if (round === null) throw goneRefusal(url, token);
  return { round, position: BEGINNING };
}

function refuseGone(
  context: CloudContext,
  url: string,
  reader: DeltaView['reader'],
  window: TimeWindow,
  where: 'start' | 'middle',
): void {
  const { misbehaviours } = graphState(context);
  const gone = misbehaviours.strike('delta-gone', reader, ({ when }) => when === 'any' || when === where);
  if (gone !== null) throw goneRefusal(url, window, gone.code);
}

function pageOf(
  context: CloudContext,
  view: DeltaView,
  round: DeltaRound,
  from: Position,
  size: number,
): Page {
  const { misbehaviours } = graphState(context);
  const { reader } = view;
  if (!from.rested && misbehaviours.strike('empty-page', reader) !== null)
    return { rows: [], next: { ...from, rested: true } };
  const previous = round.groups[from.group - 1];
  const replays = previous !== undefined && misbehaviours.strike('replay-rows', reader) !== null;
  const splits = misbehaviours.strike('split-series', reader) !== null;
  const rows: object[] = replays ? rowsOf(context, view, previous) : [];
  const full = rows.length + size;
  let [{ group }, { row }] = [from, from];
  while (rows.length < full && group < round.groups.length) {
    const change = round.groups[group];
    const own = change === undefined ? [] : rowsOf(context, view, change).slice(row);
    // A series stays together on a page, as observed, unless the opposite was ordered.
    const taken = splits ? own.slice(0, full - rows.length) : own;
    rows.push(...taken);
    if (taken.length < own.length) row += taken.length;
    else [group, row] = [group + 1, 0];
  }
  // A full page always promises another one, which may turn out empty.
  const next = rows.length < full ? null : { group, row, rested: false };
  return { rows, next };
}

function linkOf(url: string, { id, mailbox, from, to, until }: DeltaRound, next: Position | null): object {
  const link = new URL(url);
  if (next === null) {
    link.searchParams.set('$deltatoken', writeToken({ mailbox, from, to, since: until }));
    return { '@odata.deltaLink': link.toString() };
  }
  const { group, row, rested } = next;
  link.searchParams.set('$skiptoken', writeToken({ mailbox, from, to, round: id, group, row, rested }));
  return { '@odata.nextLink': link.toString() };
}

function refuseOptions(query: URLSearchParams): void {
  const asked = REFUSED.filter((name) => query.has(name));
  if (asked.length === 0) return;
  const message = `The following parameters are not supported with change tracking over the 'CalendarView' resource: '${asked.join(', ')}'.`;
  throw invalid('ErrorInvalidUrlQuery', message);
}
