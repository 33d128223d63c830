import type { Reader, Writer } from '../domain/store-port.ts';
import { number, type Row, type Statements } from './statements.ts';

const count = (row: Row | null, name: string): number => (row === null ? 0 : number(row, name));

type Reads = 'resyncProgress' | 'nextResyncs' | 'owesFreshRound';

/** Mailboxes that are to be read and delivered anew: asked for, begun, or read from the whole window. */
export function resyncReads(s: Statements): Pick<Reader, Reads> {
  return {
    resyncProgress: () => {
      const row = s.one(PROGRESS);
      const [mailboxes, meetings] = [count(row, 'mailboxes'), count(row, 'meetings')];
      return { mailboxes, meetings, resting: count(row, 'resting') };
    },
    nextResyncs: (limit) => {
      const sql = "SELECT mailbox_id FROM resyncs WHERE step = 'asked' ORDER BY mailbox_id LIMIT ?";
      return s.all(sql, limit).map((row) => number(row, 'mailbox_id'));
    },
    owesFreshRound: (mailboxId) =>
      s.one("SELECT 1 FROM resyncs WHERE mailbox_id = ? AND step = 'begun'", mailboxId) !== null,
  };
}

type Writes = 'putResync' | 'beginResync' | 'noteFreshRound' | 'endResyncs';

export function resyncWrites(s: Statements): Pick<Writer, Writes> {
  return {
    putResync: (mailboxId) => {
      s.run("INSERT INTO resyncs VALUES (?, 'asked') ON CONFLICT DO NOTHING", mailboxId);
    },
    beginResync: (mailboxId) => {
      s.run(ANEW, mailboxId);
      s.run("UPDATE resyncs SET step = 'begun' WHERE mailbox_id = ?", mailboxId);
    },
    noteFreshRound: (mailboxId) => {
      s.run("UPDATE resyncs SET step = 'read' WHERE mailbox_id = ? AND step = 'begun'", mailboxId);
    },
    endResyncs: () => {
      s.run(END);
    },
  };
}

// Without a hash the same content is a new version; without a change key every event is looked at.
const ANEW =
  "UPDATE meetings SET content_hash = NULL, change_key = NULL WHERE mailbox_id = ? AND state = 'listed'";

const PROGRESS = `SELECT count(*) AS mailboxes, coalesce(sum(resting), 0) AS resting, coalesce(sum(meetings), 0) AS meetings FROM (
  SELECT m.retry_at IS NOT NULL OR m.state <> 'activated' AS resting,
    (SELECT count(*) FROM meetings AS e WHERE x.step <> 'asked' AND e.mailbox_id = x.mailbox_id AND e.state = 'listed'
      AND (e.content_hash IS NULL OR e.delivered_version < e.version)) AS meetings
  FROM resyncs AS x JOIN mailboxes AS m ON m.id = x.mailbox_id)`;

// What could not be read at last has no open job any more, and must not keep it from its end.
const END = `DELETE FROM resyncs AS x WHERE x.step = 'read'
  AND NOT EXISTS (SELECT 1 FROM jobs AS j WHERE j.state = 'leased' AND j.mailbox_id = x.mailbox_id)
  AND NOT EXISTS (SELECT 1 FROM jobs AS j WHERE j.state = 'waiting' AND j.kind = 'sync-event' AND j.mailbox_id = x.mailbox_id)
  AND NOT EXISTS (SELECT 1 FROM jobs AS j WHERE j.state = 'waiting' AND j.kind = 'deliver' AND j.mailbox_id = x.mailbox_id)`;
