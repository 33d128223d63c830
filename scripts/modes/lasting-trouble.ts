import type { SteeredInstallation } from './steered-installation.ts';

/** A trouble that lasts for a part of the day and is lifted by an administrator. */
export interface LastingTrouble {
  /** Shares of the day. */
  readonly from: number;
  readonly to: number;
  begin(day: SteeredInstallation): Promise<void>;
  /** Whether the appliance has noticed; nothing goes on before. */
  noticed(day: SteeredInstallation): boolean;
  lift(day: SteeredInstallation): Promise<void>;
}

/** Which accounts it befalls, and what Graph does with their subscriptions. */
const BEFALLEN = [
  { place: 1, state: 'out-of-scope', subscriptions: 'silent', told: 'out-of-scope' },
  { place: 2, state: 'out-of-scope', subscriptions: 'removed', told: 'out-of-scope' },
  { place: 3, state: 'moved', subscriptions: 'silent', told: 'error' },
] as const;

export const LASTING: readonly LastingTrouble[] = [
  {
    from: 0.4,
    to: 0.5,
    async begin(day) {
      await day.control('PUT', '/graph/consent', { withdrawn: 'Authorization_RequestDenied' });
    },
    noticed: (day) => day.database.alarms().some(({ id }) => id === 'graph-refused'),
    async lift(day) {
      await day.control('PUT', '/graph/consent', { withdrawn: false });
    },
  },
  {
    // Not while the mode is changed: staging starts only with mailboxes that work.
    from: 0.7,
    to: 0.85,
    async begin(day) {
      for (const { place, state, subscriptions } of BEFALLEN)
        await day.control('PUT', '/graph/mailbox-state', {
          mailbox: guidAt(day, place),
          state,
          subscriptions,
        });
    },
    noticed(day) {
      const states = day.database.mailboxStates();
      return BEFALLEN.every(({ place, told }) => states.get(guidAt(day, place)) === told);
    },
    async lift(day) {
      for (const { place } of BEFALLEN)
        await day.control('PUT', '/graph/mailbox-state', { mailbox: guidAt(day, place), state: 'ok' });
    },
  },
];

function guidAt(day: SteeredInstallation, place: number): string {
  const account = day.accounts[place];
  if (account === undefined) throw new RangeError(`there is no account ${place}`);
  return account.entraId;
}
