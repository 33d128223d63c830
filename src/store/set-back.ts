import type { Writer } from '../domain/store-port.ts';
import type { Statements } from './statements.ts';

/** What is planned further ahead goes by the calendar and not by how long it was put off. */
const PUT_OFF_MOST_MS = 60 * 60_000;

/** What times a clock that ran ahead has left behind. */
export function setBackWrites(s: Statements): Pick<Writer, 'setBack'> {
  return {
    setBack: (from, to) => {
      const sql = "UPDATE jobs SET run_at = run_at - ? WHERE state = 'waiting' AND run_at BETWEEN ? AND ?";
      s.run(sql, from - to, to, from + PUT_OFF_MOST_MS);
      s.run('UPDATE presences SET read_at = ? WHERE read_at > ?', to, to);
      s.run('UPDATE cursors SET round_at = ? WHERE round_at > ?', to, to);
    },
  };
}
