import type { Statements, Value } from './statements.ts';

const DAY_MS = 24 * 60 * 60_000;
const MONTH_MS = 30 * DAY_MS;
// One transaction must not hold up the answers to Graph (engineering.md B.2).
const SLICE = 200;

/** Removes what retention allows, at most so many rows of each kind at a time. True when more may be left. */
export function prune(s: Statements, now: number): boolean {
  const drop = (table: string, where: string, ...values: Value[]): boolean => {
    const sql = `DELETE FROM ${table} WHERE rowid IN (SELECT rowid FROM ${table} WHERE ${where} LIMIT ${SLICE})`;
    return s.run(sql, ...values) === SLICE;
  };
  const full = [
    drop('inbox', 'received_at < ?', now - DAY_MS),
    drop('jobs', "state = 'done' AND settled_at < ?", now - DAY_MS),
    drop('jobs', "state = 'dead' AND settled_at < ?", now - MONTH_MS),
    drop('deliveries', 'at < ?', now - MONTH_MS),
    drop('traces', 'at < ?', now - MONTH_MS),
    drop('sessions', 'created_at < ?', now - DAY_MS),
    // Webex has it withdrawn: should the event come back, it is another meeting there.
    drop(
      'meetings',
      "state = 'withdrawn' AND changed_at < ? AND delivered_version >= version",
      now - MONTH_MS,
    ),
    drop('arrangements', "ends_at < ? AND state <> 'ending'", now - 7 * DAY_MS),
  ];
  return full.includes(true);
}
