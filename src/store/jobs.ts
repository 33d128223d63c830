import {
  type DeadJob,
  honestMs,
  isDoneInTrouble,
  JOB_KINDS,
  type JobKind,
  type LeasedJob,
  laneOf,
  settles,
} from '../domain/job.ts';
import type { Random } from '../domain/ports.ts';
import type { Reader, Writer } from '../domain/store-port.ts';
import { number, numberOrNull, type Row, type Statements, text, textOrNull, word } from './statements.ts';

function leased(row: Row): LeasedJob {
  return {
    id: number(row, 'id'),
    leaseId: text(row, 'lease_id'),
    kind: word(row, 'kind'),
    key: text(row, 'key'),
    mailboxId: numberOrNull(row, 'mailbox_id'),
    eventId: textOrNull(row, 'event_id'),
    attempt: number(row, 'attempt'),
    createdAt: number(row, 'created_at'),
  };
}

const leasedOrNone = (row: Row | null): LeasedJob[] => (row === null ? [] : [leased(row)]);

function dead(row: Row): DeadJob {
  return {
    id: number(row, 'id'),
    kind: word(row, 'kind'),
    mailboxId: numberOrNull(row, 'mailbox_id'),
    eventId: textOrNull(row, 'event_id'),
    reason: textOrNull(row, 'reason') ?? '',
    settledAt: number(row, 'settled_at'),
  };
}

/** A meeting that starts within this time is one that somebody waits for. */
const SOON_MS = 15 * 60_000;
const MOST_OF_MAILBOX = 3;

const marks = (kinds: readonly JobKind[]): string => kinds.map(() => '?').join(', ');

export function jobReads(s: Statements): Pick<Reader, 'jobCounts' | 'deadJobs' | 'nextRunAt'> {
  return {
    jobCounts: () =>
      s.all(COUNTS).map((row) => ({
        kind: word<JobKind>(row, 'kind'),
        waiting: number(row, 'waiting'),
        leased: number(row, 'leased'),
        dead: number(row, 'dead'),
        oldestRunAt: numberOrNull(row, 'oldest'),
      })),
    deadJobs: (limit) =>
      s.all("SELECT * FROM jobs WHERE state = 'dead' ORDER BY settled_at DESC LIMIT ?", limit).map(dead),
    nextRunAt: (kinds) => {
      if (kinds.length === 0) return null;
      const row = s.one(
        `SELECT min(run_at) AS at FROM jobs WHERE state = 'waiting' AND kind IN (${marks(kinds)})`,
        ...kinds,
      );
      return row === null ? null : numberOrNull(row, 'at');
    },
  };
}

const COUNTS = `SELECT kind, sum(state = 'waiting') AS waiting, sum(state = 'leased') AS leased, sum(state = 'dead') AS dead,
  min(CASE WHEN state = 'waiting' THEN run_at END) AS oldest FROM jobs WHERE state <> 'done' GROUP BY kind`;

type Writes = 'enqueue' | 'lease' | 'complete' | 'retry' | 'snooze' | 'bury' | 'forgetDead' | 'reviveLeased';

export function jobWrites(s: Statements, random: Random): Pick<Writer, Writes> {
  return {
    enqueue: (job, now) => {
      const max = job.merge === 'settle' ? (job.settleMaxMs ?? 0) : null;
      const ids = [job.kind, job.key, job.mailboxId, job.eventId] as const;
      const soon = [job.mailboxId, job.eventId, now, now + SOON_MS] as const;
      s.run(
        max === null ? ENQUEUE_EARLIEST : ENQUEUE_SETTLE,
        ...ids,
        job.runAt,
        now,
        job.urgent === true ? 1 : 0,
        ...soon,
        ...(max === null ? [] : [max]),
      );
    },
    lease: (kinds, limit, now, leaseMs) => {
      const leaseId = random.uuid();
      const take = (id: number) => s.one(TAKE, leaseId, now + leaseMs, id);
      return due(s, kinds, limit, now).flatMap((id) => leasedOrNone(take(id)));
    },
    complete: (job, now) =>
      s.run(`UPDATE jobs SET state = 'done', settled_at = ? ${OWN}`, now, job.id, job.leaseId) > 0,
    forgetDead: (kind, key) =>
      s.run("DELETE FROM jobs WHERE state = 'dead' AND kind = ? AND key = ?", kind, key) > 0,
    bury: (job, reason, now) =>
      s.run(
        `UPDATE jobs SET state = 'dead', settled_at = ?, reason = ? ${OWN}`,
        now,
        reason,
        job.id,
        job.leaseId,
      ) > 0,
    retry: (job, runAt, reason) => putBack(s, job, runAt, reason, 0),
    snooze: (job, runAt, reason) => putBack(s, job, runAt, reason, 1),
    reviveLeased: () => revive(s),
  };
}

const OWN = "WHERE id = ? AND lease_id = ? AND state = 'leased'";
// What is about a meeting that starts soon goes before the rest.
const INSERT = `INSERT INTO jobs (kind, key, mailbox_id, event_id, state, run_at, attempt, created_at, urgent)
  VALUES (?, ?, ?, ?, 'waiting', ?, 0, ?, max(?, EXISTS (SELECT 1 FROM meetings AS m WHERE m.mailbox_id = ? AND m.event_id = ?
    AND m.state = 'listed' AND m.end_at > ? AND m.start_at < ?)))
  ON CONFLICT (kind, key) WHERE state = 'waiting' DO UPDATE SET urgent = max(urgent, excluded.urgent),`;
const ENQUEUE_EARLIEST = `${INSERT} run_at = min(run_at, excluded.run_at)`;
const ENQUEUE_SETTLE = `${INSERT} run_at = min(excluded.run_at, created_at + ?)`;

const LANE = (kind: string): string =>
  `CASE ${kind} ${JOB_KINDS.map((one) => `WHEN '${one}' THEN '${laneOf(one)}'`).join(' ')} END`;
const LANE_OF_BUSY = LANE('b.kind');
/** Of one mailbox no more jobs of a lane run than the service takes calls at a time: the others must not wait behind them. */
const fewOfMailbox = (job: string, lane: string): string =>
  `(SELECT count(*) FROM jobs AS b WHERE b.state = 'leased' AND b.mailbox_id = ${job}.mailbox_id
    AND ${LANE_OF_BUSY} = ${lane}) < ${MOST_OF_MAILBOX}`;
const TAKE = `UPDATE jobs SET state = 'leased', lease_id = ?, leased_until = ?, attempt = attempt + 1
  WHERE id = ? AND state = 'waiting' AND ${fewOfMailbox('jobs', LANE('jobs.kind'))} RETURNING *`;
/** What stands between us and a mailbox is found out by one job alone; one that is being removed only gets rid of what it left. */
const EXPLORERS: ReadonlySet<JobKind> = new Set(['enable-mailbox', 'remove-mailbox', 'end-leftover']);
function ofServed(kind: JobKind): string {
  if (EXPLORERS.has(kind)) return '';
  const unserved = isDoneInTrouble(kind) ? '' : 'm.retry_at IS NOT NULL OR ';
  return `AND NOT EXISTS (SELECT 1 FROM mailboxes AS m WHERE m.id = w.mailbox_id AND (${unserved}m.state = 'not-activated'))`;
}
// A key that is leased is skipped: order per meeting is kept by never running two jobs of one key. Kind and limit stand in the
// text, because SQLite plans such a search anew whenever one of them is bound, and planning takes ten times as long as looking.
function dueSql(kind: JobKind, condition: string, limit: number): string {
  return `SELECT id, run_at, urgent FROM jobs AS w
    WHERE w.state = 'waiting' AND w.kind = '${kind}' AND ${condition}
      AND NOT EXISTS (SELECT 1 FROM jobs AS l WHERE l.state = 'leased' AND l.kind = '${kind}' AND l.key = w.key)
      AND ${fewOfMailbox('w', `'${laneOf(kind)}'`)} ${ofServed(kind)}
    ORDER BY w.run_at, w.id LIMIT ${Math.trunc(limit)}`;
}

/**
 * Ids of the jobs to be run next: what is urgent, then what is due longest. Asked kind by kind, so that the index gives them in
 * order and neither a backlog nor ten thousand plans for tonight are sorted for sixteen jobs.
 */
function due(s: Statements, kinds: readonly JobKind[], limit: number, now: number): number[] {
  const rows = kinds.flatMap((kind) => [
    ...s.all(dueSql(kind, 'w.urgent = 1 AND w.run_at <= ?', limit), now),
    ...s.all(dueSql(kind, 'w.run_at <= ?', limit), now),
    ...s.all(dueSql(kind, 'w.run_at > ?', limit), now + honestMs(kind)),
  ]);
  const found = rows.map((row) => ({
    id: number(row, 'id'),
    runAt: number(row, 'run_at'),
    urgent: number(row, 'urgent'),
  }));
  const inOrder = found.sort((a, b) => b.urgent - a.urgent || a.runAt - b.runAt || a.id - b.id);
  return [...new Set(inOrder.map((one) => one.id))].slice(0, limit);
}

/** Back to waiting; where a twin waits already the row is merged into it. `unpaid` attempts are given back. */
function putBack(s: Statements, job: LeasedJob, runAt: number, reason: string, unpaid: number): boolean {
  const twin = s.one(
    "SELECT id, run_at FROM jobs WHERE kind = ? AND key = ? AND state = 'waiting'",
    job.kind,
    job.key,
  );
  if (twin === null) {
    const sql = `UPDATE jobs SET state = 'waiting', run_at = ?, reason = ?, attempt = attempt - ?, lease_id = NULL, leased_until = NULL ${OWN}`;
    return s.run(sql, runAt, reason, unpaid, job.id, job.leaseId) > 0;
  }
  if (s.run(`DELETE FROM jobs ${OWN}`, job.id, job.leaseId) === 0) return false;
  // Edits settle first. What else waits for a later time, e.g. the end of an absence, must not hold up what failed now.
  const at = settles(job.kind) ? Math.max(number(twin, 'run_at'), runAt) : runAt;
  const sql = 'UPDATE jobs SET run_at = ?, reason = ?, attempt = max(attempt, ?) WHERE id = ?';
  s.run(sql, at, reason, job.attempt - unpaid, number(twin, 'id'));
  return true;
}

function revive(s: Statements): number {
  s.run(HURRIED);
  const merged = s.run(`DELETE FROM jobs AS l WHERE l.state = 'leased'
    AND EXISTS (SELECT 1 FROM jobs AS w WHERE w.state = 'waiting' AND w.kind = l.kind AND w.key = l.key)`);
  const sql =
    "UPDATE jobs SET state = 'waiting', attempt = attempt - 1, lease_id = NULL, leased_until = NULL WHERE state = 'leased'";
  return merged + s.run(sql);
}

const SETTLING = JOB_KINDS.filter(settles)
  .map((kind) => `'${kind}'`)
  .join(', ');
/** What a lost job leaves to its successor is as urgent as it was. */
const HURRIED = `UPDATE jobs AS w SET run_at = min(w.run_at, l.run_at) FROM jobs AS l
  WHERE w.state = 'waiting' AND l.state = 'leased' AND w.kind = l.kind AND w.key = l.key AND w.kind NOT IN (${SETTLING})`;
