import type { Violation } from '../crash/judge.ts';
import type { OutOfOffice } from './player.ts';
import type { Absence } from './reminder-judge.ts';

/** What the cloud noted about somebody's presence. */
export interface Told {
  readonly userId: string;
  readonly eventType: 'ooo' | 'active';
  /** ISO instant. */
  readonly expiresTime: string | null;
  readonly since: number;
}

/**
 * Out of office begins within its bound; where Webex or the appliance was away, within the bound after that, unless it is over
 * before. It carries its end, so that Webex ends it by itself.
 */
export function judgePresence(
  asked: readonly OutOfOffice[],
  told: readonly Told[],
  absences: readonly Absence[],
  bounds: { readonly edgeMs: number; readonly recoveryMs: number; readonly judgedUntil: number },
): Violation[] {
  return asked.flatMap((one): Violation[] => {
    const plain = one.from + bounds.edgeMs;
    const met = absences.filter(({ from, until }) => from <= plain && until >= one.from);
    const latest = Math.max(plain, ...met.map(({ until }) => until + bounds.recoveryMs));
    if (latest > Math.min(bounds.judgedUntil, one.to)) return [];
    const found = told.find(
      ({ userId, eventType, since }) =>
        userId === one.account && eventType === 'ooo' && since >= one.from && since <= latest,
    );
    if (found === undefined)
      return [{ rule: 'lost', what: 'out of office did not begin on time', facts: { one, latest } }];
    if (Date.parse(found.expiresTime ?? '') === one.to) return [];
    return [{ rule: 'broken', what: 'out of office has another end', facts: { one, found } }];
  });
}
