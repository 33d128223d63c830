import type { Metrics } from './metrics.ts';
import type { Say } from './say.ts';

/** What happens to keys. */
export interface KeyEvents {
  keysIssued(count: number): void;
  /** Of mailboxes, which nothing is under any more. */
  keysGivenUp(count: number): void;
  /** The KMS lets a key seal no more, before its time; null for the directory key. */
  keyEnded(facts: { readonly mailboxId: number | null; readonly reason: string }): void;
  addressesResealed(count: number): void;
}

export function keyEvents(say: Say, metrics: Metrics): KeyEvents {
  return {
    keysIssued: (count) => {
      metrics.keysIssued.inc(count);
      say('info', 'keys.issued', 'keys issued', { count });
    },
    keysGivenUp: (count) => {
      metrics.keysGivenUp.inc(count);
      say('info', 'keys.given_up', 'keys given up, nothing is under them any more', { count });
    },
    keyEnded: ({ mailboxId, reason }) => {
      metrics.keysEnded.inc({ reason });
      say('warn', 'key.ended', 'key seals no more, before its time', { mailboxId, reason });
    },
    addressesResealed: (count) => {
      metrics.addressesResealed.inc(count);
      say('info', 'addresses.resealed', 'addresses put under the new directory key', { count });
    },
  };
}
