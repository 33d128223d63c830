import type { Account } from '../../test/system/installation.ts';
import { type Change, type Creation, firstSubject, type Joining } from './change-plan.ts';
import type { Json, SteadfastOutlook } from './steadfast-outlook.ts';

const MINUTE_MS = 60_000;
const LENGTH_MS = 30 * MINUTE_MS;
const RESPONSES = {
  accept: 'accepted',
  tentativelyAccept: 'tentativelyAccepted',
  decline: 'declined',
} as const;

/** What the calendar service gave a meeting when it was made. */
export interface MadeMeeting {
  readonly eventId: string;
  readonly iCalUId: string;
}

/** Makes the planned changes as the people would. Changes of one meeting follow one another, others may overlap. */
export class ChangeMaker {
  readonly #outlook: SteadfastOutlook;
  readonly #accounts: readonly Account[];
  readonly #base: number;
  readonly #random: { readonly uuid: () => string };
  readonly #latest = new Map<number, Promise<void>>();
  readonly made = new Map<number, MadeMeeting>();

  /** Minute 0 of the plan is the instant `base` (epoch ms). */
  constructor(
    outlook: SteadfastOutlook,
    accounts: readonly Account[],
    base: number,
    random: { readonly uuid: () => string },
  ) {
    this.#outlook = outlook;
    this.#accounts = accounts;
    this.#base = base;
    this.#random = random;
  }

  /** Settles when the change is known to be in the calendar, or can't be made. */
  make(change: Change): Promise<void> {
    const before = this.#latest.get(change.meeting) ?? Promise.resolve();
    const done = before.then(() => this.#make(change));
    this.#latest.set(change.meeting, done);
    return done;
  }

  account(place: number): Account {
    const found = this.#accounts[place];
    if (found === undefined) throw new RangeError(`there is no account ${place}`);
    return found;
  }

  /** ISO instant with milliseconds. */
  startOf(minute: number): string {
    return new Date(this.#base + minute * MINUTE_MS).toISOString();
  }

  async #make(change: Change): Promise<void> {
    if (change.kind === 'create') return this.#create(change);
    const { owner, eventId } = this.#known(change.meeting);
    if (change.kind === 'rename') {
      const { subject } = change;
      return this.#outlook.change(owner, eventId, { subject }, (event) => event.subject === subject);
    }
    if (change.kind === 'move') return this.#move(owner, eventId, change.startMinute);
    if (change.kind === 'cancel') return this.#outlook.delete(owner, eventId);
    if (change.guest === null) return this.#outlook.delete(owner, eventId);
    const guest = this.account(change.guest);
    const copy = await this.#copyOf(change.meeting, guest);
    if (change.kind === 'delete') return this.#outlook.delete(guest, copy);
    return this.#outlook.respond(guest, copy, change.answer, RESPONSES[change.answer]);
  }

  async #create(change: Creation): Promise<void> {
    const owner = this.account(change.owner);
    const event = await this.#outlook.create(owner, {
      transactionId: this.#random.uuid(),
      subject: firstSubject(change.meeting),
      ...this.#times(change.startMinute),
      ...meetingText(change.joining, change.meeting),
      attendees: change.guests.map((guest) => attendee(this.account(guest))),
    });
    this.made.set(change.meeting, { eventId: event.id, iCalUId: event.iCalUId });
    this.#owners.set(change.meeting, owner);
  }

  readonly #owners = new Map<number, Account>();

  #known(meeting: number): { owner: Account; eventId: string } {
    const [owner, made] = [this.#owners.get(meeting), this.made.get(meeting)];
    if (owner === undefined || made === undefined) throw new Error(`meeting ${meeting} was never made`);
    return { owner, eventId: made.eventId };
  }

  async #move(owner: Account, id: string, minute: number): Promise<void> {
    const times = this.#times(minute);
    await this.#outlook.change(owner, id, times, (event) =>
      event.start.dateTime.startsWith(times.start.dateTime),
    );
  }

  async #copyOf(meeting: number, guest: Account): Promise<string> {
    const uid = this.made.get(meeting)?.iCalUId;
    const copies = await this.#outlook.calendar(guest, 'id,iCalUId');
    const copy = copies.find((event: Json) => event.iCalUId === uid);
    if (copy === undefined) throw new Error(`${guest.name} has no copy of meeting ${meeting}`);
    return copy.id;
  }

  #times(minute: number) {
    const start = this.#base + minute * MINUTE_MS;
    const wall = (at: number) => ({
      dateTime: new Date(at).toISOString().slice(0, 19),
      timeZone: 'UTC',
    });
    return { start: wall(start), end: wall(start + LENGTH_MS) };
  }
}

function attendee({ address, name }: Account): object {
  return { type: 'required', emailAddress: { address, name } };
}

/** Location and body of an invitation as it is written: the keyword or a link in the one or the other. */
export function meetingText(joining: Joining, meeting: number): object {
  const link = joinLink(joining, meeting);
  const text =
    joining === 'google-meet' ? `<p>Join at <a href="${link}">${link}</a></p>` : '<p>See you there</p>';
  const place = { keyword: '@webex', zoom: link, 'google-meet': 'Corner office' }[joining];
  return { location: { displayName: place }, body: { contentType: 'html', content: text } };
}

/** The link that the invitation carries from the beginning; null for the keyword, which is answered by the organiser's own room. */
export function joinLink(joining: Joining, meeting: number): string | null {
  const digits = String(meeting).padStart(4, '0');
  // Zoom's numbers have nine to eleven digits.
  if (joining === 'zoom') return `https://zoom.us/j/9510027${digits}`;
  if (joining === 'keyword') return null;
  const letters = [...digits].map((digit) => 'abcdefghij'[Number(digit)]).join('');
  return `https://meet.google.com/abc-${letters}-xyz`;
}
