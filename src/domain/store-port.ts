/** The store as the rest of the appliance sees it: who is given a Reader can't write (design D10). All calls are synchronous. */
import type { Alarm, AlarmId } from './alarm.ts';
import type { ArrangementRow } from './arrangement.ts';
import type { AuditReader, AuditWriter } from './audit-port.ts';
import type { DeadJob, JobCount, JobKind, LeasedJob, NewJob } from './job.ts';
import type { KeyReader, KeyWriter } from './key-store-port.ts';
import type { KeySummary, SubscriptionSummary } from './measures.ts';
import type { ReminderReader, ReminderWriter } from './reminder-port.ts';
import type {
  CursorRow,
  DeliveryRow,
  InboxRow,
  MailboxRow,
  MeetingRow,
  PresenceRow,
  SealedAddress,
  SessionRow,
  SetupLinkRow,
  SubscriptionRow,
  UpcomingRow,
} from './rows.ts';
import type { MailboxState, ResyncProgress } from './status.ts';
import type { Trace, TraceLine } from './trace.ts';

export interface Reader extends AuditReader, KeyReader, ReminderReader {
  setting(name: string): string | null;
  mailbox(id: number): MailboxRow | null;
  mailboxByAddressHash(hash: Uint8Array): MailboxRow | null;
  mailboxByGuid(guid: string): MailboxRow | null;
  mailboxes(): MailboxRow[];
  /** Those whose address is sealed under another directory key, by number from behind `after` on. */
  mailboxesUnderOtherKey(uri: string, after: number, limit: number): MailboxRow[];
  countUnderOtherKey(uri: string): number;
  meeting(mailboxId: number, eventId: string): MeetingRow | null;
  /** Listed meetings of a mailbox that overlap the window. */
  listedMeetings(mailboxId: number, from: number, to: number): MeetingRow[];
  /** Listed occurrences of one series. */
  listedOfSeries(mailboxId: number, seriesId: string): MeetingRow[];
  /** Start of the next listed meeting after the instant; null when there is none. */
  nextStartAt(mailboxId: number, after: number): number | null;
  /** Meetings (listed) that ended before the instant, at most `limit`. */
  meetingsEndedBefore(instant: number, limit: number): MeetingRow[];
  /** Meetings (listed) that start after the instant, at most `limit`. */
  meetingsStartingAfter(instant: number, limit: number): MeetingRow[];
  /** Number of listed meetings by mailbox id. */
  meetingCounts(): Map<number, number>;
  arrangement(mailboxId: number, eventId: string): ArrangementRow | null;
  /** Those of the exceptions of one series. */
  arrangementsOfSeries(mailboxId: number, seriesId: string): ArrangementRow[];
  arrangementsEndingAfter(mailboxId: number, instant: number): ArrangementRow[];
  /** Those of one mailbox, or of all for null, that stand in an invitation which ends after the instant. */
  arrangementsWritten(mailboxId: number | null, instant: number): ArrangementRow[];
  /** How many mails our writes to invitations have caused since the installation. */
  mailsCaused(): number;
  /** Every meeting of a mailbox, withdrawn ones too. */
  meetingsOf(mailboxId: number): MeetingRow[];
  /** Activated people whose settings were read before the instant, those read longest ago first. */
  settingsDue(instant: number, limit: number): MailboxRow[];
  /** When the settings of an activated person were read longest ago; null when there is nobody. */
  oldestSettings(): number | null;
  /** Whether any room's copy is marked as having lost its text, or that it is private. */
  anyStripped(): boolean;
  /** Those of a room that are listed, at exactly this time. */
  strippedAt(mailboxId: number, startAt: number, endAt: number): MeetingRow[];
  /** Listed meetings that begin after `from` and not after `to`, for which something stands arranged. */
  arrangedMeetings(from: number, to: number): MeetingRow[];
  /** Listed meetings of this organiser for which something was made in Webex; those that begin at this instant come first. */
  meetingsArrangedBy(mailboxId: number, startAt: number): MeetingRow[];
  /** Whether something was intended for an event of his after the instant that never stood in the list. */
  isArranging(mailboxId: number, since: number): boolean;
  resyncProgress(): ResyncProgress;
  /** Ids of mailboxes that are to be read anew and were not begun with. */
  nextResyncs(limit: number): number[];
  /** Whether the next round of a mailbox has to be one over the whole window. */
  owesFreshRound(mailboxId: number): boolean;
  /** When the list reaches the next event that lies beyond it; null when it waits for none. */
  nextUpcomingAt(): number | null;
  cursor(mailboxId: number): CursorRow | null;
  presence(mailboxId: number): PresenceRow | null;
  subscription(id: string): SubscriptionRow | null;
  subscriptions(): SubscriptionRow[];
  jobCounts(): JobCount[];
  deadJobs(limit: number): DeadJob[];
  /** Due time of the next waiting job among the kinds, null when there is none. */
  nextRunAt(kinds: readonly JobKind[]): number | null;
  inboxCount(): number;
  /** Whether a notification of this event arrived since the instant. */
  heardOf(mailboxId: number, eventId: string, since: number): boolean;
  lastReceivedAt(): number | null;
  deliveries(limit: number): DeliveryRow[];
  deliveredSince(instant: number): number;
  alarms(): Alarm[];
  traces(mailboxId: number, eventId: string): Trace[];
  /** The last rows of a mailbox, the oldest first; with `during` only those of meetings that take place at that instant. */
  traceLines(mailboxId: number, during: number | null, limit: number): TraceLine[];
  admin(name: string): { readonly name: string; readonly passwordHash: string } | null;
  adminCount(): number;
  session(tokenHash: Uint8Array): SessionRow | null;
  setupLink(): SetupLinkRow | null;
  /** Number of mailboxes by state. */
  mailboxStates(): Partial<Record<MailboxState, number>>;
  subscriptionSummary(now: number): SubscriptionSummary;
  keySummary(now: number): KeySummary;
  /** Rows written since the database was opened: while it stands still, nothing that is stored has changed. */
  changeCount(): number;
}

export interface Writer extends Reader, AuditWriter, KeyWriter, ReminderWriter {
  setSetting(name: string, value: string): void;
  addMailbox(row: Pick<MailboxRow, 'kind'> & SealedAddress, now: number): MailboxRow;
  /** Puts the address under another directory key; false when it is not under `from` any more. */
  resealAddress(id: number, from: string, sealed: SealedAddress): boolean;
  setMailboxIdentity(id: number, identity: { guid?: string; webexId?: string; locale?: string | null }): void;
  /** `since` moves only when state or reason change. */
  setMailboxState(
    id: number,
    to: Pick<MailboxRow, 'state' | 'reason' | 'failures' | 'retryAt'>,
    now: number,
  ): void;
  /** With everything that is kept about it. */
  deleteMailbox(id: number): void;
  putCursor(row: CursorRow): void;
  deleteCursor(mailboxId: number): void;
  putPresence(row: PresenceRow): void;
  /** Its settings could not be read: its turn comes again after the others. */
  touchPresence(mailboxId: number, now: number): void;
  /** Moves the delivered version forward, never back. */
  setPresenceDelivered(mailboxId: number, version: number): void;
  /** Inserts or replaces the row of (mailboxId, eventId). */
  putMeeting(row: MeetingRow): void;
  /** Moves the delivered version forward, never back. */
  setDelivered(mailboxId: number, eventId: string, version: number): void;
  deleteMeeting(mailboxId: number, eventId: string): void;
  /** Marks a room's copy as having lost its text or that it is private, or not any more. */
  setStripped(mailboxId: number, eventId: string, isStripped: boolean): void;
  /** The mailbox is to be read and delivered anew; what goes on already stays as it is. */
  putResync(mailboxId: number): void;
  /** Every listed meeting counts as one that was not seen yet. */
  beginResync(mailboxId: number): void;
  /** The round over the whole window has been made. */
  noteFreshRound(mailboxId: number): void;
  /** Forgets those that are through. */
  endResyncs(): void;
  /** Of two instants for one event the earlier counts. */
  putUpcoming(row: UpcomingRow): void;
  /** Removes and returns what the list has reached by the instant, at most `limit`, what it reached first before the rest. */
  takeUpcoming(now: number, limit: number): UpcomingRow[];
  putArrangement(row: ArrangementRow): void;
  deleteArrangement(mailboxId: number, eventId: string): void;
  addMailsCaused(count: number): void;
  putSubscription(row: SubscriptionRow): void;
  setSubscriptionExpiry(id: string, expiresAt: number): void;
  deleteSubscription(id: string): void;
  /** It counts as one of another address from now on: the next look replaces it. */
  distrustSubscription(id: string): void;
  /** False when the same hint (subscription, event, change type, etag) is already there. */
  addInbox(row: InboxRow, now: number): boolean;
  /** Adds a job, or merges it into the waiting one with the same kind and key. */
  enqueue(job: NewJob, now: number): void;
  /**
   * Leases at most `limit` due jobs of the kinds, never two of one key, none whose key is leased, at most three of one mailbox in each
   * lane, and of a mailbox in trouble only the one that tries it again. Attempt grows by one.
   */
  lease(kinds: readonly JobKind[], limit: number, now: number, leaseMs: number): LeasedJob[];
  /** Each of these changes a row only while the lease is the job's own; false tells a late worker that it is not. */
  complete(job: LeasedJob, now: number): boolean;
  retry(job: LeasedJob, runAt: number, reason: string): boolean;
  /** Back to waiting without counting the attempt. */
  snooze(job: LeasedJob, runAt: number, reason: string): boolean;
  bury(job: LeasedJob, reason: string, now: number): boolean;
  /** What failed before has been done after all; true when there was such a job. */
  forgetDead(kind: JobKind, key: string): boolean;
  /** The clock was set back: what was put off by an hour at most is put off no longer by that, and nothing was looked at later than now. */
  setBack(from: number, to: number): void;
  /** At start every leased row is an orphan: back to waiting, attempt not counted. Returns how many. */
  reviveLeased(): number;
  addDelivery(row: DeliveryRow): void;
  addTrace(trace: Trace): void;
  raiseAlarm(id: AlarmId, subject: string, reason: string, now: number): boolean;
  clearAlarm(id: AlarmId, subject: string): boolean;
  putAdmin(name: string, passwordHash: string): void;
  putSession(row: SessionRow): void;
  /** In place of the last one. */
  putSetupLink(row: SetupLinkRow): void;
  deleteSetupLink(): void;
  touchSession(tokenHash: Uint8Array, now: number): void;
  deleteSession(tokenHash: Uint8Array): void;
  deleteSessionsOf(admin: string): void;
  /**
   * Removes what retention allows, a slice of each kind: settled jobs and inbox rows after 24 h, traces, deliveries, dead jobs
   * and withdrawn meetings after 30 d, dead sessions. Never a row of the audit log. True when more may be left.
   */
  prune(now: number): boolean;
}

export interface Store {
  read<T>(work: (reader: Reader) => T): T;
  /** One transaction; the writer refuses to work after its end. */
  write<T>(work: (writer: Writer) => T): T;
  /**
   * Group commit: the work runs together with others that were handed in within the same few milliseconds; the promise
   * settles after their common commit. One work's exception rolls back that work alone. When another one fails the work runs
   * once more, so it does nothing besides writing.
   */
  writeTogether<T>(work: (writer: Writer) => T): Promise<T>;
  /**
   * Brings everything that is committed into the database file and empties the write-ahead log, so that what was deleted stands in
   * neither. False when that can't be done now (another program reads the file, or the disk is full).
   */
  scrub(): boolean;
  close(): void;
}
