import type { EventStub } from '../domain/calendar-event.ts';
import { deltaWaitMs } from '../domain/delta-interval.ts';
import type { LeasedJob } from '../domain/job.ts';
import type { ListWindow } from '../domain/meeting.ts';
import type { DeltaRound } from '../domain/ports.ts';
import type { CursorRow, MailboxRow } from '../domain/rows.ts';
import type { Reader, Writer } from '../domain/store-port.ts';
import { type Closing, NOTHING } from './closing.ts';
import { mailboxJob, syncEventJob } from './intake.ts';
import { mailboxOf } from './job-mailbox.ts';
import { listWindow } from './list-window.ts';
import { silenceOf } from './silence.ts';
import type { SyncDeps } from './sync-deps.ts';

const DAY_MS = 24 * 60 * 60_000;
/** The next round with a fresh window may begin a little later than a day after the last one. */
const LATE_MS = 2 * 60 * 60_000;
/** Clocks differ, and what changed while the last listing ran must not slip between two of them. */
const OVERLAP_MS = 2 * 60_000;

type Round = Extract<DeltaRound, { kind: 'round' }>;

interface Gathered {
  readonly round: Round;
  /** Changed lately, wherever in time it lies. */
  readonly far: readonly EventStub[];
  readonly isFresh: boolean;
  /** Somebody asked for a round over the whole window, before this one began. */
  readonly isOwed: boolean;
  readonly startedAt: number;
}

/**
 * Asks a calendar what changed and enqueues a look at everything that differs from what is stored. The net under the
 * notifications, and the main source without them (design D1). It decides nothing itself; the link is kept in the same commit
 * as the round's effects (reference: graph.md 3.4).
 */
export async function deltaRound(deps: SyncDeps, job: LeasedJob): Promise<Closing> {
  const mailbox = mailboxOf(deps, job);
  if (mailbox.guid === null) return NOTHING;
  const cursor = deps.store.read((r) => r.cursor(mailbox.id));
  const isOwed = deps.store.read((r) => r.owesFreshRound(mailbox.id));
  const gathered = { ...(await gather(deps, mailbox.guid, isOwed ? null : cursor, cursor)), isOwed };
  const now = deps.clock.now();
  const silence = gathered.isFresh ? null : silenceOf(deps, mailbox, gathered.round.changed, now);
  const write = (w: Writer): void => {
    const looks = looksFor(deps, w, mailbox, gathered);
    for (const eventId of looks) w.enqueue(syncEventJob(deps.settings, mailbox.id, eventId, now), now);
    if (gathered.isOwed) w.noteFreshRound(mailbox.id);
    w.putCursor(cursorAfter(cursor, mailbox, gathered, looks.size));
    silence?.write(w);
    w.enqueue(mailboxJob('delta-round', mailbox.id, nextRoundAt(deps, w, mailbox, now)), now);
  };
  return { write, told: () => silence?.told() };
}

/** `from`: where the round begins, null for anew; `last`: what the last round left. */
async function gather(
  deps: SyncDeps,
  guid: string,
  from: CursorRow | null,
  last: CursorRow | null,
): Promise<Omit<Gathered, 'isOwed'>> {
  const startedAt = deps.clock.now();
  const link = from === null || isStale(deps, from, startedAt) ? null : from.link;
  const window = widened(listWindow(deps, startedAt));
  const round = await deps.graph.deltaRound(guid, link === null ? { window } : { link });
  // The token died, perhaps in the middle: a new round over the whole window, and nothing of the old one counts.
  if (round.kind === 'expired') return gather(deps, guid, null, last);
  const since = (last?.roundAt ?? startedAt - deps.settings.windowBackMs) - OVERLAP_MS;
  const far = await deps.graph.changedSince(guid, since);
  return { round, far, isFresh: link === null, startedAt };
}

// The service takes the days of all-day events as UTC days: a day more on each side, sifted when they are listed (graph.md 1.4).
function widened(window: ListWindow): ListWindow {
  return { from: window.from - DAY_MS, to: window.to + DAY_MS + LATE_MS };
}

// The window of a link never moves: once a day a fresh one, not in the same minute for everybody.
function isStale(deps: SyncDeps, cursor: CursorRow, now: number): boolean {
  const age = now - cursor.freshAt;
  return age >= DAY_MS * (0.9 + deps.random.unit() / 10) || age < -DAY_MS;
}

/** The events and series to look at: what differs, what is gone, and in a fresh round what was not seen although it is listed. */
function looksFor(deps: SyncDeps, r: Reader, mailbox: MailboxRow, gathered: Gathered): Set<string> {
  const { round, far, isFresh, startedAt } = gathered;
  const looks = new Set<string>();
  const seen = new Set<string>();
  const { to } = listWindow(deps, startedAt);
  for (const stub of round.changed) {
    seen.add(stub.id);
    if (differs(r, mailbox, stub, to)) looks.add(stub.seriesMasterId ?? stub.id);
  }
  for (const stub of far) {
    if (!seen.has(stub.id) && differs(r, mailbox, stub, to)) looks.add(stub.seriesMasterId ?? stub.id);
  }
  for (const id of round.removed) looks.add(r.meeting(mailbox.id, id)?.seriesId ?? id);
  if (isFresh) for (const id of unseen(deps, r, mailbox, seen, startedAt)) looks.add(id);
  return looks;
}

function differs(r: Reader, mailbox: MailboxRow, stub: EventStub, listedUntil: number): boolean {
  const listed = r.meeting(mailbox.id, stub.id)?.changeKey;
  // Of what never stands in the list our own last write is the last thing that is known.
  const isUnlisted = stub.type === 'seriesMaster' || (stub.startAt ?? 0) >= listedUntil;
  const known = listed ?? (isUnlisted ? r.arrangement(mailbox.id, stub.id)?.writtenChangeKey : undefined);
  return stub.changeKey === null || known !== stub.changeKey;
}

// Listed here, but not in the calendar any more; and arrangements beyond the window, which no delta round ever shows.
function unseen(
  deps: SyncDeps,
  r: Reader,
  mailbox: MailboxRow,
  seen: ReadonlySet<string>,
  now: number,
): string[] {
  const window = listWindow(deps, now);
  const lost = r.listedMeetings(mailbox.id, window.from, window.to).filter((row) => !seen.has(row.eventId));
  const beyond = r.arrangementsEndingAfter(mailbox.id, window.to);
  return [...lost.map((row) => row.seriesId ?? row.eventId), ...beyond.map((row) => row.eventId)];
}

function cursorAfter(
  before: CursorRow | null,
  mailbox: MailboxRow,
  { round, isFresh, startedAt }: Gathered,
  looks: number,
): CursorRow {
  return {
    mailboxId: mailbox.id,
    link: round.link,
    freshAt: isFresh ? startedAt : (before?.freshAt ?? startedAt),
    roundAt: startedAt,
    changedAt: looks > 0 ? startedAt : (before?.changedAt ?? 0),
  };
}

function nextRoundAt(deps: SyncDeps, r: Reader, mailbox: MailboxRow, now: number): number {
  const { webhooks, deltaPace, safetyNetMs } = deps.settings;
  if (webhooks !== null) return Math.round(now + safetyNetMs * (0.9 + deps.random.unit() / 5));
  const changedAt = r.cursor(mailbox.id)?.changedAt ?? 0;
  const nextStartAt = r.nextStartAt(mailbox.id, now);
  return now + deltaWaitMs(deltaPace, { now, changedAt, nextStartAt }, deps.random.unit());
}
