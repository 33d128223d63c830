import { type ArrangementRow, isOfItsOwn, NOTHING_MADE } from '../domain/arrangement.ts';
import type { CalendarEvent } from '../domain/calendar-event.ts';
import { endAtWebex } from './end-arrangement.ts';
import type { Occasion } from './occasion.ts';
import type { SyncDeps } from './sync-deps.ts';

/**
 * The intent row before any remote effect (design D3). The mark that an event has once stays its mark while it is arranged in
 * the same way; what was made for it in another way is deleted first.
 */
export async function intend(
  deps: SyncDeps,
  { mailbox, event }: Occasion,
  kind: ArrangementRow['kind'],
): Promise<ArrangementRow> {
  const known = deps.store.read((r) => r.arrangement(mailbox.id, event.id));
  const goesOn = known !== null && known.kind === kind && known.state === 'standing';
  if (known !== null && !goesOn && isOfItsOwn(known)) await endAtWebex(deps, mailbox, known);
  const row: ArrangementRow = {
    mark: deps.random.uuid(),
    ...NOTHING_MADE,
    writtenChangeKey: null,
    writtenAt: null,
    intendedAt: deps.clock.now(),
    mails: known?.mails ?? 0,
    ...(goesOn ? known : {}),
    mailboxId: mailbox.id,
    eventId: event.id,
    seriesId: event.seriesMasterId,
    kind,
    state: 'standing',
    endsAt: lastEndOf(event),
  };
  await deps.store.writeTogether((w) => w.putArrangement(row));
  return row;
}

/** When nothing of the event is left to come; null for a series without a known end. */
export function lastEndOf({ type, endAt, lastEndAt }: CalendarEvent): number | null {
  return type === 'seriesMaster' ? lastEndAt : endAt;
}
