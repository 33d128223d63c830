import { type ArrangementRow, detailsOfRoom } from '../domain/arrangement.ts';
import type { CalendarEvent } from '../domain/calendar-event.ts';
import { arrangementFor, decideDecoration, decorate } from '../domain/decoration.ts';
import { findKeyword, type KeywordHit } from '../domain/keyword.ts';
import { readMark } from '../domain/mark.ts';
import type { EventReading, EventWrite } from '../domain/ports.ts';
import type { MailboxRow } from '../domain/rows.ts';
import { bareEvent, standingOf, undecorate } from '../domain/standing.ts';
import { openAddress } from './addresses.ts';
import { type Arranged, madeAnew, meetingFor, type Renewal, renewal } from './arrange-meeting.ts';
import { endAtWebex, ended } from './end-arrangement.ts';
import { intend, lastEndOf } from './intent.ts';
import { mailsOf, note, type Occasion } from './occasion.ts';
import { writeInheritors } from './series-exceptions.ts';
import type { SyncDeps } from './sync-deps.ts';
import { countMails, putEvent } from './write-event.ts';

type Made = Extract<Arranged, { kind: 'made' }>;

/** The event as it is after our write, or as it was read when there is nothing to write. */
export async function decorated(
  deps: SyncDeps,
  mailbox: MailboxRow,
  guid: string,
  event: CalendarEvent,
): Promise<EventReading> {
  const at = { mailbox, guid, event };
  const known = deps.store.read((r) => r.arrangement(mailbox.id, event.id));
  if (known?.state === 'undecorating') return await undecorated(deps, at, known);
  const { joinRules, scheduling } = deps.settings;
  const rules = { joinRules, existingTarget: scheduling.existingTarget };
  const decision = decideDecoration(event, rules, deps.clock.now());
  if (decision.kind === 'arrange' && known?.state !== 'undecorated')
    return await arrange(deps, at, decision.keyword);
  const code = decision.kind === 'arrange' ? 'UNDECORATED' : decision.code;
  if (code !== null) await note(deps, at, code);
  return known === null ? { kind: 'found', event } : await standing(deps, at, known, code !== null);
}

async function arrange(deps: SyncDeps, at: Occasion, keyword: KeywordHit): Promise<EventReading> {
  const { kind, code } = arrangementFor(at.event, keyword);
  if (code !== null) await note(deps, at, code);
  const made = kind === 'personal-room' ? await roomFor(deps, at) : await meetingFor(deps, at, kind);
  if (made.kind === 'none') {
    await note(deps, at, made.code);
    return { kind: 'found', event: at.event };
  }
  return await written(deps, at, made.row, decoration(deps, at, keyword, made));
}

async function roomFor(deps: SyncDeps, at: Occasion): Promise<Arranged> {
  const room = await deps.webex.personalRoom(await openAddress(deps, at.mailbox));
  if (room === null) return { kind: 'none', code: 'NO_PERSONAL_ROOM' };
  return { kind: 'made', details: detailsOfRoom(room), row: await intend(deps, at, 'personal-room') };
}

function decoration(
  deps: SyncDeps,
  { mailbox, event }: Occasion,
  keyword: KeywordHit,
  { details, row }: Made,
): EventWrite {
  const look = { settings: deps.settings.joinBlock, locale: mailbox.locale };
  return decorate(event, keyword, details, row.mark, look);
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
    // wrote does it tell that the keyword has gone meanwhile.
    if (known.writtenAt === null) await end(deps, known);
    return found;
  }
  // A write whose answer nobody was left to hear: the mark tells that it had landed (design D2).
  const row = known.writtenAt === null ? await settleLate(deps, at, known) : known;
  const now = standingOf(event, deps.settings.joinBlock);
  return now.kind === 'stands'
    ? await followed(deps, at, row)
    : await endedInCalendar(deps, at, row, now.write);
}

/** What was made in Webex moves with the event; where it is gone there, another one takes its place in the invitation. */
async function followed(deps: SyncDeps, at: Occasion, row: ArrangementRow): Promise<EventReading> {
  const isRoom = row.kind === 'personal-room';
  const again = isRoom ? await roomAnew(deps, at, row) : await madeAnew(deps, at, row);
  if (again === null) return { kind: 'found', event: at.event };
  const { made, bare, keyword } = again;
  const anew = (one: CalendarEvent) => redecoration(deps, { ...at, event: one }, keyword.typed, made);
  if (await writeInheritors(deps, at, anew)) return await readAgain(deps, at);
  return await written(deps, at, made.row, decoration(deps, { ...at, event: bare }, keyword, made));
}

/** A personal room that was renamed; null when the invitation leads there already. */
async function roomAnew(deps: SyncDeps, at: Occasion, row: ArrangementRow): Promise<Renewal | null> {
  if (row.state !== 'rewriting') return null;
  const room = await deps.webex.personalRoom(await openAddress(deps, at.mailbox));
  const isShown = at.event.locations.some(({ displayName }) => displayName.includes(room?.url ?? ''));
  const details = room === null || isShown ? null : detailsOfRoom(room);
  const again = details === null ? null : renewal(deps, at, { kind: 'made', details, row });
  if (again === null) await deps.store.writeTogether((w) => w.putArrangement({ ...row, state: 'standing' }));
  return again;
}

/** Null where the new way to join stands already. */
function redecoration(deps: SyncDeps, at: Occasion, typed: string, made: Made): EventWrite | null {
  const { link } = made.details;
  if (at.event.locations.some(({ displayName }) => displayName.includes(link ?? ''))) return null;
  const { joinBlock, joinRules } = deps.settings;
  const event = bareEvent(at.event, { typed }, joinBlock);
  const names = event.locations.map(({ displayName }) => displayName);
  const keyword = findKeyword(names, joinRules.keywords);
  return keyword === null ? null : decoration(deps, { ...at, event }, keyword, made);
}

/** Once more from the start, with the series as it is after its exceptions were written. */
async function readAgain(deps: SyncDeps, { mailbox, guid, event }: Occasion): Promise<EventReading> {
  const reading = await deps.graph.readEvent(guid, event.id);
  return reading.kind === 'gone' ? reading : await decorated(deps, mailbox, guid, reading.event);
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
  const outcome = await putEvent(deps, at, write);
  if (outcome.kind === 'gone') return outcome;
  // The row goes after the block: a crash in between finds the address gone again, and nothing to write.
  await end(deps, row);
  return { kind: 'found', event: outcome.event };
}

/** Puts the keyword back as it was typed, takes the block away, and deletes what was made in Webex. */
async function undecorated(deps: SyncDeps, at: Occasion, known: ArrangementRow): Promise<EventReading> {
  const mark = readMark(at.event.mark);
  const { joinBlock } = deps.settings;
  const write = mark?.id === known.mark ? undecorate(at.event, mark, joinBlock) : null;
  const made = { webexMeetingId: null, spaceId: null, askedHash: null } as const;
  const bare = async (one: CalendarEvent) => {
    if (mark === null) return null;
    // Known before the keyword stands there again: it is not to be answered.
    const row = { ...known, ...made, eventId: one.id, seriesId: one.seriesMasterId, mails: 0 };
    await deps.store.writeTogether((w) => w.putArrangement({ ...row, state: 'undecorated' }));
    return undecorate(one, mark, joinBlock);
  };
  if (await writeInheritors(deps, at, bare)) return await readAgain(deps, at);
  const outcome = await putEvent(deps, at, write);
  if (outcome.kind === 'gone') return outcome;
  await endAtWebex(deps, at.mailbox, known);
  const mails = write === null ? 0 : mailsOf(at);
  await deps.store.writeTogether((w) => {
    w.putArrangement({ ...known, ...made, state: 'undecorated', mails: known.mails + mails });
  });
  await note(deps, at, 'UNDECORATED');
  return { kind: 'found', event: outcome.event };
}

async function written(
  deps: SyncDeps,
  at: Occasion,
  row: ArrangementRow,
  write: EventWrite,
): Promise<EventReading> {
  const outcome = await putEvent(deps, at, write);
  if (outcome.kind === 'gone') return outcome;
  await settle(deps, at, row, outcome.event);
  return { kind: 'found', event: outcome.event };
}

async function settleLate(deps: SyncDeps, at: Occasion, known: ArrangementRow): Promise<ArrangementRow> {
  await countMails(deps, at);
  return await settle(deps, at, known, at.event);
}

/** The outcome row after the write. */
async function settle(
  deps: SyncDeps,
  at: Occasion,
  row: ArrangementRow,
  { id: eventId, changeKey }: CalendarEvent,
): Promise<ArrangementRow> {
  const { mailboxId } = row;
  const now = deps.clock.now();
  const mails = mailsOf(at);
  const outcome = { writtenChangeKey: changeKey, writtenAt: now, endsAt: lastEndOf(at.event) };
  const settled: ArrangementRow = { ...row, ...outcome, state: 'standing', mails: row.mails + mails };
  await deps.store.writeTogether((w) => {
    w.putArrangement(settled);
    for (const code of ['DECORATED', `MAILS ${mails}`] as const)
      w.addTrace({ at: now, mailboxId, eventId, code });
  });
  deps.events.eventDecorated({ mailboxId, eventId, mails });
  return settled;
}

async function end(deps: SyncDeps, row: ArrangementRow): Promise<void> {
  await deps.store.writeTogether(ended(deps, row).write);
  deps.wake();
}

async function forget(deps: SyncDeps, { mailboxId, eventId }: ArrangementRow): Promise<void> {
  await deps.store.writeTogether((w) => w.deleteArrangement(mailboxId, eventId));
}
