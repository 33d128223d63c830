import type { Statements, Value } from './statements.ts';

const DAY_MS = 24 * 60 * 60_000;
const MONTH_MS = 30 * DAY_MS;
// One transaction must not hold up the answers to Graph (engineering.md B.2).
const SLICE = 1_000;

/** Removes what retention allows, at most a thousand rows of each kind at a time. */
export function prune(s: Statements, now: number): void {
  const drop = (table: string, where: string, ...values: Value[]): void => {
    s.run(
      `DELETE FROM ${table} WHERE rowid IN (SELECT rowid FROM ${table} WHERE ${where} LIMIT ${SLICE})`,
      ...values,
    );
  };
  drop('inbox', 'received_at < ?', now - DAY_MS);
  drop('jobs', "state = 'done' AND settled_at < ?", now - DAY_MS);
  drop('jobs', "state = 'dead' AND settled_at < ?", now - MONTH_MS);
  drop('deliveries', 'at < ?', now - MONTH_MS);
  drop('traces', 'at < ?', now - MONTH_MS);
  drop('sessions', 'created_at < ?', now - DAY_MS);
  drop('arrangements', 'ends_at < ?', now - 7 * DAY_MS);
}
