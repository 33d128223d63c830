import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export interface HeldMeeting {
  readonly webexId: string;
  readonly eventId: string;
  readonly meetingId: string;
}

type Row = Readonly<Record<string, unknown>>;
const BUSY_MS = 5_000;
/** What is planned for later than this (nightly readings, renewals) is no work that waits. */
const HORIZON_MS = 5 * 60_000;

/** The appliance's own file, only ever read; while the appliance runs and while it lies dead. */
export class ApplianceDatabase {
  readonly #path: string;

  constructor(applianceDir: string) {
    this.#path = join(applianceDir, 'data', 'hybrid-calendar.db');
  }

  /** `ok`, or what `PRAGMA integrity_check` found, or why it could not even look. */
  integrity(): string {
    try {
      const found = this.#rows('PRAGMA integrity_check').map((row) => String(row.integrity_check));
      return found.join('; ');
    } catch (thrown) {
      return String(thrown);
    }
  }

  /** One key for each notification that is held: subscription, event, kind of change and etag. */
  notifications(): Set<string> {
    const rows = this.#rows('SELECT subscription_id, event_id, change_type, etag FROM inbox');
    return new Set(
      rows.map((row) => notificationKey(row.subscription_id, row.event_id, row.change_type, row.etag)),
    );
  }

  /** Jobs that were being worked on. */
  leasedJobs(): number {
    return this.#rows("SELECT id FROM jobs WHERE state = 'leased'").length;
  }

  /** Jobs that wait for their turn or are being worked on, by kind; without the rounds that never end: a plan, no work. */
  openJobs(now: number): Row[] {
    const sql =
      "SELECT kind, count(*) AS n, max(reason) AS reason FROM jobs WHERE state = 'leased' OR (state = 'waiting' AND run_at < ? AND kind NOT IN ('poll-settings', 'due-reminders', 'check-targets', 'watch-kms', 'rotate-keys')) GROUP BY kind";
    return this.#rows(sql, now + HORIZON_MS);
  }

  /** How many jobs are being worked on or could be by now; settings and calendars are asked for ever, which is no work that ends. */
  dueJobs(now: number): number {
    const sql =
      "SELECT count(*) AS n FROM jobs WHERE kind NOT IN ('poll-settings', 'delta-round') AND (state = 'leased' OR (state = 'waiting' AND run_at <= ?))";
    return Number(this.#rows(sql, now)[0]?.n);
  }

  /** State of each mailbox, by its GUID. */
  mailboxStates(): ReadonlyMap<string, string> {
    const rows = this.#rows('SELECT guid, state FROM mailboxes');
    return new Map(rows.map(({ guid, state }) => [String(guid), String(state)]));
  }

  deadJobs(): Row[] {
    return this.#rows("SELECT id, kind, key, event_id, attempt, reason FROM jobs WHERE state = 'dead'");
  }

  alarms(): Row[] {
    return this.#rows('SELECT id, subject, reason FROM alarms');
  }

  /** Events that a write was intended for and whose outcome is not noted. */
  intendedWrites(): Set<string> {
    const rows = this.#rows('SELECT event_id FROM arrangements WHERE written_at IS NULL');
    return new Set(rows.map((row) => String(row.event_id)));
  }

  /** The meeting that stands for each copy of an event. */
  meetings(): HeldMeeting[] {
    const sql =
      'SELECT webex_id, event_id, meeting_id FROM meetings JOIN mailboxes ON mailboxes.id = meetings.mailbox_id';
    return this.#rows(sql).map((row) => ({
      webexId: String(row.webex_id),
      eventId: String(row.event_id),
      meetingId: String(row.meeting_id),
    }));
  }

  #rows(sql: string, ...values: number[]): Row[] {
    const database = new DatabaseSync(this.#path, { readOnly: true, timeout: BUSY_MS });
    try {
      return database.prepare(sql).all(...values);
    } finally {
      database.close();
    }
  }
}

/** What makes a notification the same as another (reference: engineering.md B.4). */
export function notificationKey(...parts: readonly unknown[]): string {
  return parts.map(String).join(' ');
}
