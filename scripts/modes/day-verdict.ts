import { setTimeout as rest } from 'node:timers/promises';
import { WebexApp } from '../../test/system/webex-app.ts';
import type { Violation } from '../crash/judge.ts';
import { judgeList, type Sight } from '../crash/meetings-list.ts';
import type { Json } from '../crash/steadfast-outlook.ts';
import { calendarTruth } from './calendar-truth.ts';
import type { SteeredInstallation } from './steered-installation.ts';

export interface DayVerdict {
  /** Meetings in all lists, opened and compared. */
  readonly listed: number;
  /** From the last change until every list was right. */
  readonly settledSeconds: number;
  /** By how much the clock was put forward meanwhile. */
  readonly jumpedMinutes: number;
  /** Writes of the appliance to calendars. */
  readonly writes: number;
  /** How often each kind of misbehaviour struck. */
  readonly struck: Readonly<Record<string, number>>;
  /** Each account's list as text lines, with starts in minutes of the plan: the same in every run of it. */
  readonly lists: Readonly<Record<string, readonly string[]>>;
  readonly violations: readonly Violation[];
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** So long there may be something to do. */
const PATIENCE_MS = 60 * MINUTE_MS;
const LOOK_AGAIN_MS = 250;
/** Mailboxes are tried again and calendars are asked for what was not told within a quarter of an hour. */
const JUMP_MS = 16 * MINUTE_MS;
const MOST_JUMPS = 8;
/** Real time in which what became due is at least begun. */
const AFTER_JUMP_MS = 10_000;
/** Lists are compared up to here: well inside the window of the meetings list, wherever the clock was put. */
const COMPARED_DAYS = 29;

/**
 * Waits until the appliance has nothing to do, puts the clock forward when lists are not right then, and says what is wrong in the
 * end. The misbehaviours go on until the lists are right.
 */
export async function dayVerdict(
  day: SteeredInstallation,
  base: number,
  say: (line: string) => void,
): Promise<DayVerdict> {
  const started = performance.now();
  const lists = new Lists(day, base);
  let jumps = 0;
  await untilIdle(day);
  let compared = await lists.compare();
  while (compared.violations.length > 0 && jumps < MOST_JUMPS) {
    jumps += 1;
    await day.control('POST', '/clock', { jumpMs: JUMP_MS });
    await rest(AFTER_JUMP_MS);
    await untilIdle(day);
    compared = await lists.compare();
  }
  const settledSeconds = (performance.now() - started) / 1000;
  say(`lists compared after ${settledSeconds.toFixed(1)} s: ${compared.violations.length} faults`);
  const struck = struckByKind(await day.control('GET', '/graph/misbehaviour'));
  await day.control('DELETE', '/graph/misbehaviour');
  const unsettled = await settle(day);
  const writes = (await day.control('GET', '/graph/writes')).filter(({ app }: Json) => app === 'appliance');
  const violations = [...compared.violations, ...unsettled, ...judgeWriteCounts(writes)];
  return {
    ...compared,
    settledSeconds,
    jumpedMinutes: (jumps * JUMP_MS) / MINUTE_MS,
    writes: writes.length,
    struck,
    violations,
  };
}

async function untilIdle(day: SteeredInstallation): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (day.database.dueJobs(await day.now()) > 0 && performance.now() < deadline) await rest(LOOK_AGAIN_MS);
}

/** Opens and compares the lists; opening takes much longer than fetching, so what was opened once is not opened again. */
class Lists {
  readonly #day: SteeredInstallation;
  readonly #base: number;
  readonly #opened = new Map<string, Sight>();

  constructor(day: SteeredInstallation, base: number) {
    this.#day = day;
    this.#base = base;
  }

  async compare(): Promise<Pick<DayVerdict, 'listed' | 'lists' | 'violations'>> {
    const violations: Violation[] = [];
    const lists: Record<string, string[]> = {};
    const to = this.#base + COMPARED_DAYS * DAY_MS;
    for (const account of this.#day.accounts) {
      const truth = await calendarTruth(this.#day, account, { from: this.#base, to });
      const shown = await this.#shown(new WebexApp(this.#day.installation, account), to);
      const expected = truth.expected.filter(({ start }) => Date.parse(start) < to);
      violations.push(...truth.violations, ...judgeList(account.address, expected, shown));
      lists[account.address] = shown.map((sight) => this.#lineOf(sight)).sort();
    }
    const listed = Object.values(lists).reduce((sum, list) => sum + list.length, 0);
    return { listed, lists, violations };
  }

  async #shown(app: WebexApp, to: number): Promise<Sight[]> {
    const sights: Sight[] = [];
    for (const item of await app.list()) sights.push(await this.#open(app, item));
    return sights.filter(({ start }) => Date.parse(start) < to);
  }

  async #open(app: WebexApp, item: Json): Promise<Sight> {
    const sealed = JSON.stringify(item);
    const known = this.#opened.get(sealed);
    if (known !== undefined) return known;
    const { subject, start, joinUrl } = await app.open(item);
    const sight: Sight = { subject, start, joinUrl: joinUrl ?? null };
    this.#opened.set(sealed, sight);
    return sight;
  }

  #lineOf({ subject, start, joinUrl }: Sight): string {
    return `${subject} | ${(Date.parse(start) - this.#base) / MINUTE_MS} | ${joinUrl}`;
  }
}

/** Work that is never done, was given up, or stands as an alarm when nothing goes wrong any more. */
async function settle(day: SteeredInstallation): Promise<Violation[]> {
  const deadline = performance.now() + MINUTE_MS;
  for (;;) {
    const { database } = day;
    const states = [...database.mailboxStates()].filter(([, state]) => state !== 'activated');
    const found: Record<string, readonly unknown[]> = {
      'jobs were given up': database.deadJobs(),
      'alarms stand': database.alarms(),
      'mailboxes are not activated': states,
    };
    const violations = Object.entries(found).flatMap(([what, facts]) =>
      facts.length === 0 ? [] : [{ rule: 'unsettled', what, facts: { found: facts } } as const],
    );
    if (violations.length === 0 || performance.now() > deadline) return violations;
    await rest(LOOK_AGAIN_MS);
  }
}

/** One write for each event that has a keyword, and no other (design D2). */
function judgeWriteCounts(writes: readonly Json[]): Violation[] {
  return [...Map.groupBy(writes, ({ eventId }) => eventId)].flatMap(([eventId, ofEvent]) =>
    ofEvent.length === 1
      ? []
      : [
          {
            rule: 'doubled',
            what: `${ofEvent.length} writes to one event`,
            facts: { eventId, writes: ofEvent },
          },
        ],
  );
}

function struckByKind({ orders }: Json): Record<string, number> {
  const struck: Record<string, number> = {};
  for (const { order, struck: times } of orders) struck[order.kind] = (struck[order.kind] ?? 0) + times;
  return struck;
}
