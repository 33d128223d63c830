import { setTimeout as rest } from 'node:timers/promises';
import { WebexApp } from '../../test/system/webex-app.ts';
import type { Violation } from '../crash/judge.ts';
import { judgeList, type Sight } from '../crash/meetings-list.ts';
import { SeededRandom } from '../crash/seeded-random.ts';
import { calendarTruth } from '../modes/calendar-truth.ts';
import { SteeredInstallation } from '../modes/steered-installation.ts';
import { type Crowd, type DaySize, type Happening, planDay } from './plan.ts';
import { DayPlayer } from './player.ts';
import { judgePresence } from './presence-judge.ts';
import { judgeReminders } from './reminder-judge.ts';

export interface DayOptions extends DaySize {
  readonly crowd: Crowd;
  readonly seed: number;
  /** So many times as fast as real time. */
  readonly speed: number;
  readonly say: (line: string) => void;
}

export interface DayReport {
  readonly seconds: number;
  readonly happenings: Readonly<Record<string, number>>;
  /** Reminders that came, and meetings in all lists at the end. */
  readonly reminders: number;
  readonly listed: number;
  readonly violations: readonly Violation[];
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const BEGINS_MS = 7 * 60 * MINUTE_MS;
/** Those that every staged installation has. */
const STAGED = { people: 8, rooms: 3 };
const LEAD_MS = 5 * MINUTE_MS;
/** Real milliseconds. */
const ON_TIME_MS = 2_000;
const RECOVERY_MS = 5_000;
const CHANGE_MS = 10_000;
const EDGE_MS = 60_000;
const SETTLED_MS = 120_000;
const LOOK_MS = 500;

/** A day that was played. */
interface PlayedDay {
  readonly happenings: readonly Happening[];
  /** Simulated instant of minute 0. */
  readonly base: number;
  readonly player: DayPlayer;
}

/** Plays a day at the given speed, and says what was not as it should be. */
export async function runDay(options: DayOptions): Promise<DayReport> {
  const began = performance.now();
  const day = await startDay(options.crowd);
  try {
    const { happenings, base, player } = await playDay(day, options);
    const judged = await judge(day, base, player, options);
    const counts = Map.groupBy(happenings, ({ kind }) => kind);
    const seconds = (performance.now() - began) / 1000;
    const kinds = [...counts].map(([kind, of]) => [kind, of.length] as const);
    return { seconds, happenings: Object.fromEntries(kinds), ...judged };
  } finally {
    await day.installation.stop();
  }
}

/** An installation for that crowd, in which nothing has happened yet. */
export async function startDay({ people, rooms }: Crowd): Promise<SteeredInstallation> {
  const more = ['--people', `${people - STAGED.people}`, '--rooms', `${rooms - STAGED.rooms}`];
  return await SteeredInstallation.start('auto', ...more);
}

/** Lets the day happen, from the bookings of the days before until all is settled after its end. */
export async function playDay(day: SteeredInstallation, options: DayOptions): Promise<PlayedDay> {
  const happenings = planDay(new SeededRandom(options.seed), options, options.crowd);
  const base = Math.ceil(Date.now() / DAY_MS) * DAY_MS + BEGINS_MS;
  const player = await play(day, base, happenings, options);
  await day.control('POST', '/clock', { speed: 1 });
  await settled(day);
  return { happenings, base, player };
}

async function play(
  day: SteeredInstallation,
  base: number,
  happenings: readonly Happening[],
  { speed, minutes, say }: DayOptions,
): Promise<DayPlayer> {
  const player = new DayPlayer(day, base);
  const before = happenings.filter(({ minute }) => minute < 0);
  for (const one of before) await player.play(one);
  await settled(day);
  say(`${before.length} happenings before the day; it begins`);
  await day.control('POST', '/clock', { jumpMs: Math.round(base - MINUTE_MS - (await day.now())) });
  await settled(day);
  await day.control('POST', '/clock', { jumpMs: Math.round(base - (await day.now())), speed });
  let told = 0;
  for (const one of happenings.filter(({ minute }) => minute >= 0)) {
    await player.play(one);
    if (one.minute < told + 60) continue;
    told = one.minute;
    say(`minute ${one.minute} of ${minutes}`);
  }
  while ((await day.now()) < base + minutes * MINUTE_MS) await rest(LOOK_MS);
  await player.end();
  return player;
}

async function judge(
  day: SteeredInstallation,
  base: number,
  player: DayPlayer,
  { speed, minutes, say }: DayOptions,
): Promise<Pick<DayReport, 'reminders' | 'listed' | 'violations'>> {
  const judgedUntil = base + minutes * MINUTE_MS;
  say('the day is over; judging');
  const { arrivals } = await day.control('GET', '/webex/reminders');
  const { presence } = await day.control('GET', '/webex/presence');
  const bounds = {
    leadMs: LEAD_MS,
    onTimeMs: ON_TIME_MS * speed,
    recoveryMs: RECOVERY_MS * speed,
    changeMs: CHANGE_MS * speed,
    judgedUntil,
  };
  const edges = { edgeMs: Math.max(EDGE_MS, ON_TIME_MS * speed), recoveryMs: bounds.recoveryMs, judgedUntil };
  const lists = await compareLists(day, base);
  return {
    reminders: arrivals.length,
    listed: lists.listed,
    violations: [
      ...lists.violations,
      ...judgeReminders(player.stays, arrivals, player.absences, bounds),
      ...judgePresence(player.outOfOffice, presence, player.absences, edges),
    ],
  };
}

/** Every app's list against its calendar. */
async function compareLists(
  day: SteeredInstallation,
  base: number,
): Promise<{ listed: number; violations: Violation[] }> {
  const window = { from: base - DAY_MS, to: base + 4 * DAY_MS };
  const violations: Violation[] = [];
  let listed = 0;
  for (const account of day.accounts) {
    const truth = await calendarTruth(day, account, window);
    const app = new WebexApp(day.installation, account);
    const shown: Sight[] = (await app.meetings()).map(({ subject, start, joinUrl }) => ({
      subject: subject ?? null,
      start,
      joinUrl: joinUrl ?? null,
    }));
    listed += shown.length;
    violations.push(...truth.violations, ...judgeList(account.address, truth.expected, shown));
  }
  return { listed, violations };
}

async function settled(day: SteeredInstallation): Promise<void> {
  const deadline = performance.now() + SETTLED_MS;
  while (day.database.dueJobs(await day.now()) > 0 && performance.now() < deadline) await rest(LOOK_MS);
}
