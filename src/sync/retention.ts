import type { Reader, Writer } from '../domain/store-port.ts';
import { allOf, type Closing } from './closing.ts';
import { listWindow } from './list-window.ts';
import { withdrawMeeting } from './store-meeting.ts';
import type { SyncDeps } from './sync-deps.ts';
import { awaited } from './upcoming.ts';

/** Sealed items that one transaction takes out: it must not hold up the answers to Graph (reference: engineering.md B.2). */
const SLICE = 200;
/** What the hourly rounds took out; it lives among the settings. */
const SETTING = 'retention-round';
/** A round that is older than this tells nothing of the last hour. */
const ROUND_MS = 2 * 60 * 60_000;

/** Sealed items outside the window of the meetings list go, and their meetings are withdrawn. */
export interface Retention {
  readonly closings: readonly Closing[];
  /** More is left than one slice holds. */
  readonly more: boolean;
  /** Counts what went. */
  readonly count: (w: Writer) => void;
}

export function retention(deps: SyncDeps, now: number): Retention {
  const { from, to } = listWindow(deps, now);
  const outside = deps.store.read((r) => [
    ...r.meetingsEndedBefore(from, SLICE),
    ...r.meetingsStartingAfter(to, SLICE),
  ]);
  const closings = outside.slice(0, SLICE).flatMap((row) => {
    const mailbox = deps.store.read((r) => r.mailbox(row.mailboxId));
    if (mailbox === null) return [];
    const withdrawn = withdrawMeeting(deps, mailbox, row.eventId, 'OUT_OF_WINDOW', now);
    return [allOf([withdrawn, awaited(deps, mailbox, row.seriesId ?? row.eventId, [row.startAt])])];
  });
  const more = outside.length >= SLICE;
  return { closings, more, count: (w) => w.setSetting(SETTING, noted(w, now, closings.length, more)) };
}

/** Sealed items that the last hourly round took out. */
export function deletedLastHour(r: Reader, now: number): number {
  const round = roundIn(r);
  return round !== null && now - round.begunAt < ROUND_MS ? round.deleted : 0;
}

interface Round {
  readonly begunAt: number;
  readonly deleted: number;
  /** It goes on with another slice. */
  readonly more: boolean;
}

function noted(r: Reader, now: number, deleted: number, more: boolean): string {
  const last = roundIn(r);
  const round = last?.more ? last : { begunAt: now, deleted: 0 };
  return [round.begunAt, round.deleted + deleted, more ? 'more' : 'whole'].join(' ');
}

function roundIn(r: Reader): Round | null {
  const value = r.setting(SETTING);
  if (value === null) return null;
  const [begunAt, deleted, rest] = value.split(' ');
  return { begunAt: Number(begunAt), deleted: Number(deleted), more: rest === 'more' };
}
