import { type ArrangementRow, detailsOfRoom } from '../domain/arrangement.ts';
import type { CalendarEvent } from '../domain/calendar-event.ts';
import { arrangementFor, type Decoration, decideDecoration } from '../domain/decoration.ts';
import type { KeywordHit } from '../domain/keyword.ts';
import { readMark } from '../domain/mark.ts';
import type { EventReading, EventWrite } from '../domain/ports.ts';
import type { MailboxRow } from '../domain/rows.ts';
import { isFurtherKeyword, standingOf, undecorate } from '../domain/standing.ts';
import type { TraceCode } from '../domain/trace.ts';
import { openAddress } from './addresses.ts';
import { type Arranged, meetingFor } from './arrange-meeting.ts';
import { decoration, followed, redecoration } from './follow-event.ts';
import { asInSeries, leftAlone } from './inherited.ts';
import { intend, lastEndOf } from './intent.ts';
import { isOver } from './next-occurrence.ts';
import { note, type Occasion } from './occasion.ts';
import { putBack } from './put-back.ts';
import { writeInheritors } from './series-exceptions.ts';
import { end, forget, settleLate, staying, takingOut, written } from './settle.ts';
import type { SyncDeps } from './sync-deps.ts';
import { putEvent } from './write-event.ts';

/** The event as it is after our write, or as it was read when there is nothing to write. */
export async function decorated(
  deps: SyncDeps,
  mailbox: MailboxRow,
  guid: string,
  event: CalendarEvent,
): Promise<EventReading> {
  const at = { mailbox, guid, event };
  return await deps.turns.take(`${mailbox.id}/${event.id}`, () => decide(deps, at));
}

async function decide(deps: SyncDeps, at: Occasion): Promise<EventReading> {
  const { event } = at;
  const known = await knownFor(deps, at);
  if (known?.state === 'undecorating') return (await putBack(deps, at, known)) ?? (await readAgain(deps, at));
  const { joinRules, scheduling } = deps.settings;
  const rules = { joinRules, existingTarget: scheduling.existingTarget };
  const decision = decideDecoration(event, rules, deps.clock.now());
  const keyword = decision.kind === 'arrange' ? decision.keyword : null;
  const isFurther = keyword !== null && isFurtherKeyword(event, keyword, deps.settings.joinBlock);
  if (keyword !== null && known?.state !== 'undecorated' && !isFurther)
    return await arrange(deps, at, keyword);
  const code = keyword !== null && !isFurther ? 'UNDECORATED' : codeOf(decision);
  if (code !== null) await note(deps, at, code);
  return known === null ? await asInSeries(deps, at) : await standing(deps, at, known, code !== null);
}

function codeOf(decision: Decoration): TraceCode | null {
  return decision.kind === 'none' ? decision.code : null;
}

/** What is known of the event's arrangement, kept for as long as the event goes on now. */
async function knownFor(deps: SyncDeps, at: Occasion): Promise<ArrangementRow | null> {
  const { mailbox, event } = at;
  const known = deps.store.read((r) => r.arrangement(mailbox.id, event.id));
  if (known === null) return await leftAlone(deps, at);
  const now = { ...known, endsAt: lastEndOf(event) };
  if (now.endsAt !== known.endsAt) await deps.store.writeTogether((w) => w.putArrangement(now));
  return now;
}

async function arrange(deps: SyncDeps, at: Occasion, keyword: KeywordHit): Promise<EventReading> {
  const { kind, code } = arrangementFor(at.event, keyword);
  if (code !== null) await note(deps, at, code);
  const made = kind === 'personal-room' ? await roomFor(deps, at) : await meetingFor(deps, at, kind);
  if (made.kind === 'none') {
    await note(deps, at, made.code);
    return await unanswered(deps, at, made.code);
  }
  const anew = (one: CalendarEvent) => redecoration(deps, { ...at, event: one }, keyword.typed, made);
  // Exceptions hold what answered the keyword of before.
  if (readMark(at.event.mark) !== null && (await writeInheritors(deps, at, anew)))
    return await readAgain(deps, at);
  return await written(deps, at, made.row, decoration(deps, at, keyword, made));
}

/** Nothing was made for a keyword: what it took the place of ends like any other, unless there will be a meeting later. */
async function unanswered(deps: SyncDeps, at: Occasion, code: TraceCode): Promise<EventReading> {
  const known = deps.store.read((r) => r.arrangement(at.mailbox.id, at.event.id));
  const isNew = known === null || known.writtenAt === null;
  if (isNew || code === 'MEETING_LIMIT_REACHED') return { kind: 'found', event: at.event };
  return await standing(deps, at, known, true);
}

async function roomFor(deps: SyncDeps, at: Occasion): Promise<Arranged> {
  if (await isOver(deps, at)) return { kind: 'none', code: 'PAST' };
  const room = await deps.webex.personalRoom(await openAddress(deps, at.mailbox));
  if (room === null) return { kind: 'none', code: 'NO_PERSONAL_ROOM' };
  return { kind: 'made', details: detailsOfRoom(room), row: await intend(deps, at, 'personal-room') };
}

/** An event without a keyword that counts: what was arranged for it before stands, follows it, or ends. */
async function standing(
  deps: SyncDeps,
  at: Occasion,
  known: ArrangementRow,
  hasKeyword: boolean,
): Promise<EventReading> {
  const { event } = at;
  const found = { kind: 'found', event } as const;
  if (known.state === 'undecorated') {
    if (!hasKeyword) await forget(deps, known);
    return found;
  }
  if (known.state === 'ending') return found;
  if (readMark(event.mark)?.id !== known.mark && !event.isCancelled) {
    // Without our mark this is a reading from before our write: it says nothing about what became of it. Only when we never
    // wrote, or took everything out again, does it tell that nothing of ours is there.
    if (known.writtenChangeKey === null) await end(deps, known);
    return found;
  }
  // A write whose answer nobody was left to hear: the mark tells that it had landed (design D2).
  const row = known.writtenAt === null ? await settleLate(deps, at, known) : known;
  const now = standingOf(event, deps.settings.joinBlock);
  if (now.kind === 'ended') return await endedInCalendar(deps, at, row, now.write);
  const kept = row.writtenChangeKey === null ? await staying(deps, at, row) : row;
  return (await followed(deps, at, kept)) ?? (await readAgain(deps, at));
}

/** Once more from the start, with the series as it is after its exceptions were written. */
async function readAgain(deps: SyncDeps, { mailbox, guid, event }: Occasion): Promise<EventReading> {
  const reading = await deps.graph.readEvent(guid, event.id);
  return reading.kind === 'gone' ? reading : await decide(deps, { mailbox, guid, event: reading.event });
}

async function endedInCalendar(
  deps: SyncDeps,
  at: Occasion,
  row: ArrangementRow,
  write: EventWrite | null,
): Promise<EventReading> {
  const { joinBlock } = deps.settings;
  // First the exceptions: as long as the series is not done, whatever interrupts this comes back to it.
  const bare = (one: CalendarEvent) => undecorate(one, { typed: '' }, joinBlock);
  if (!at.event.isCancelled && (await writeInheritors(deps, at, bare))) return await readAgain(deps, at);
  // The row goes after the block: a crash in between finds our mark gone, and nothing to write.
  const leaving = write === null ? row : await takingOut(deps, row);
  const outcome = await putEvent(deps, at, write);
  if (outcome.kind === 'gone') return outcome;
  await end(deps, leaving);
  return { kind: 'found', event: outcome.event };
}
