import type { Account, Installation } from '../../test/system/installation.ts';
import type { Outlook } from '../../test/system/outlook.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const AGENDA = Array.from(
  { length: 12 },
  (_, n) =>
    `<li>Point ${n + 1}: <b>figures</b> of the last quarter, and what follows from them &amp; for whom</li>`,
).join('');
const BODY = `<html><body><p>Dear all,</p><ul>${AGENDA}</ul><p>Join here: <a href="https://nordwind.zoom.us/j/98765432100?pwd=c2FtcGxl">Zoom</a></p></body></html>`;

/** One change of one event, told from the others of its mailbox by the start that it gives to the event. */
export interface Change {
  readonly account: Account;
  readonly eventId: string;
  /** ISO 8601 with milliseconds, as the meetings list shows it. */
  readonly start: string;
}

/** People's calendar clients at a given rate. */
export class CalendarLoad {
  readonly #outlook: Outlook;
  readonly #accounts: readonly Account[];
  readonly #moving = new Map<string, Promise<void>>();
  /** Every start is given once only; whole minutes from tomorrow on, inside the window of the meetings list. */
  #minutes = 0;

  constructor(outlook: Outlook, accounts: readonly Account[]) {
    this.#outlook = outlook;
    this.#accounts = accounts;
  }

  /** One event a mailbox, without a keyword; the people invited are strangers, so that no other mailbox changes. */
  async bookEverywhere(): Promise<Change[]> {
    return await inTurn(this.#accounts, 8, (account) => this.book(account, 'Meeting room 3'));
  }

  async book(account: Account, location: string): Promise<Change> {
    const start = this.#nextStart();
    const inHours = (start.getTime() - Date.now()) / (60 * MINUTE_MS);
    const attendees = ['ann', 'ben', 'cleo', 'dan'].map((name) => stranger(name));
    const eventId = await this.#outlook.book(account, {
      subject: 'Quarterly review and plan for the spring',
      location,
      body: BODY,
      attendees,
      inHours,
    });
    return { account, eventId, start: start.toISOString() };
  }

  /** Gives an event another subject and another time; two moves of one event never overlap. */
  async move({ account, eventId }: Change): Promise<Change> {
    const start = this.#nextStart();
    const earlier = this.#moving.get(eventId);
    const moving = Promise.resolve(earlier).then(() => this.#move(account, eventId, start));
    this.#moving.set(eventId, moving);
    await moving;
    return { account, eventId, start: start.toISOString() };
  }

  async #move(account: Account, eventId: string, start: Date): Promise<void> {
    const time = (at: Date) => ({ dateTime: at.toISOString().slice(0, 19), timeZone: 'UTC' });
    await this.#outlook.change(account, eventId, {
      subject: `Quarterly review and plan, ${start.getTime() / MINUTE_MS}`,
      start: time(start),
      end: time(new Date(start.getTime() + 30 * MINUTE_MS)),
    });
  }

  // Twenty-nine days of minutes, then from the beginning: no mailbox sees one of them twice within a run.
  #nextStart(): Date {
    const tomorrow = Math.ceil(Date.now() / DAY_MS) * DAY_MS;
    this.#minutes = (this.#minutes + 1) % (29 * 24 * 60);
    return new Date(tomorrow + this.#minutes * MINUTE_MS);
  }
}

function stranger(name: string): Account {
  const address = `${name}@partner.example`;
  return { address, name: `${name} of the partner`, entraId: '', webexUserId: '', webexToken: '' };
}

/** Works the items off with so many at a time. */
async function inTurn<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const waiting = items.entries();
  const pump = async (): Promise<void> => {
    for (const [index, item] of waiting) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, pump));
  return results;
}

/**
 * Does something at a fixed rate, whether or not the earlier ones are through (open loop). Resolves when the last one is;
 * rejects with the first fault.
 */
export async function atRate<T>(
  perSecond: number,
  seconds: number,
  act: (n: number) => Promise<T>,
): Promise<T[]> {
  const begin = performance.now();
  const acts: Promise<T>[] = [];
  for (let n = 0; n < perSecond * seconds; n += 1) {
    const left = begin + (n * 1000) / perSecond - performance.now();
    if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
    acts.push(act(n));
  }
  return await Promise.all(acts);
}

/** All the installation's simulated people that were added for the load. */
export function loadAccounts(installation: Installation, count: number): readonly Account[] {
  return installation.facts.users.filter((one) => one.name.startsWith('Load ')).slice(0, count);
}
