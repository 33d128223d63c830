import { setTimeout as rest } from 'node:timers/promises';
import type { Account } from '../../test/system/installation.ts';
import type { Json } from '../crash/steadfast-outlook.ts';
import type { SteeredInstallation } from '../modes/steered-installation.ts';
import { AGENDA, type Booking, recurrence, times, wall, words } from './invitation.ts';
import type { Happening } from './plan.ts';
import type { Absence, Stay } from './reminder-judge.ts';

const MINUTE_MS = 60_000;
const LOOK_MS = 20;

interface Made {
  readonly plan: Booking;
  readonly owner: Account;
  readonly id: string;
  readonly iCalUId: string;
  /** Who still has it, and since when it stands as it does. */
  readonly holders: Map<string, number>;
  startAt: number;
}

/** Somebody out of office, as it was asked for. */
export interface OutOfOffice {
  readonly account: string;
  readonly from: number;
  readonly to: number;
}

/** Plays a day against an installation, and remembers what stood in whose calendar for how long. */
export class DayPlayer {
  readonly stays: Stay[] = [];
  readonly absences: Absence[] = [];
  readonly outOfOffice: OutOfOffice[] = [];
  readonly #day: SteeredInstallation;
  readonly #base: number;
  readonly #made = new Map<number, Made>();
  readonly #outages: Promise<void>[] = [];

  /** `base`: simulated instant of minute 0. */
  constructor(day: SteeredInstallation, base: number) {
    this.#day = day;
    this.#base = base;
  }

  /** Waits for the minute of the happening, and lets it happen. */
  async play(happening: Happening): Promise<void> {
    const due = this.#base + happening.minute * MINUTE_MS;
    while (happening.minute >= 0 && (await this.#day.now()) < due) await rest(LOOK_MS);
    switch (happening.kind) {
      case 'book':
        return this.#book(happening);
      case 'move':
        return this.#move(happening.meeting, happening.startSecond);
      case 'cancel':
        return this.#cancel(happening.meeting);
      case 'answer':
        return this.#answer(happening);
      case 'away':
        return this.#leave(happening);
      case 'restart':
        return this.#restart();
      case 'outage':
        return this.#outage(happening.minutes);
    }
  }

  /** Ends what still goes on, and every stay with it. */
  async end(): Promise<void> {
    await Promise.all(this.#outages);
    for (const made of this.#made.values())
      for (const holder of made.holders.keys()) this.#leaveCalendar(made, holder, Number.POSITIVE_INFINITY);
  }

  async #book(plan: Booking): Promise<void> {
    const owner = this.#account(plan.owner);
    const guests = plan.guests.map((guest) => this.#account(guest));
    const startAt = this.#base + plan.startSecond * 1000;
    const from = await this.#day.now();
    const json = await this.#ask('POST', `/users/${owner.entraId}/calendar/events`, {
      ...words(plan),
      ...times(startAt, plan.minutes),
      ...recurrence(startAt, plan.days),
      attendees: guests.map((guest, n) => this.#attendee(guest, n)),
    });
    if (plan.hasFile) await this.#ask('POST', `${eventPath(owner, json.id)}/attachments`, AGENDA);
    const holders = new Map([owner, ...guests].map(({ webexUserId }) => [webexUserId, from]));
    this.#made.set(plan.meeting, { plan, owner, id: json.id, iCalUId: json.iCalUId, holders, startAt });
  }

  async #move(meeting: number, startSecond: number): Promise<void> {
    const made = this.#known(meeting);
    const startAt = this.#base + startSecond * 1000;
    const at = await this.#day.now();
    await this.#ask('PATCH', eventPath(made.owner, made.id), times(startAt, made.plan.minutes));
    for (const holder of made.holders.keys()) {
      this.#leaveCalendar(made, holder, at);
      made.holders.set(holder, at);
    }
    made.startAt = startAt;
  }

  async #cancel(meeting: number): Promise<void> {
    const made = this.#known(meeting);
    const at = await this.#day.now();
    await this.#ask('DELETE', eventPath(made.owner, made.id));
    for (const holder of made.holders.keys()) this.#leaveCalendar(made, holder, at);
    made.holders.clear();
  }

  async #answer({ meeting, guest, declines }: Extract<Happening, { kind: 'answer' }>): Promise<void> {
    const made = this.#known(meeting);
    const account = this.#account(guest);
    const copy = await this.#copyOf(made, account);
    const at = await this.#day.now();
    const path = `${eventPath(account, copy)}/${declines ? 'decline' : 'tentativelyAccept'}`;
    await this.#ask('POST', path, { sendResponse: false });
    if (!declines) return;
    this.#leaveCalendar(made, account.webexUserId, at);
    made.holders.delete(account.webexUserId);
  }

  async #leave({ person, fromMinute, toMinute }: Extract<Happening, { kind: 'away' }>): Promise<void> {
    const { entraId, webexUserId: account } = this.#account(person);
    const [from, to] = [fromMinute, toMinute].map((minute) => this.#base + minute * MINUTE_MS) as [
      number,
      number,
    ];
    await this.#ask('PATCH', `/users/${entraId}/mailboxSettings`, {
      automaticRepliesSetting: {
        status: 'scheduled',
        scheduledStartDateTime: wall(from),
        scheduledEndDateTime: wall(to),
      },
    });
    this.outOfOffice.push({ account, from, to });
  }

  async #restart(): Promise<void> {
    const from = await this.#day.now();
    await this.#day.installation.restartAppliance();
    this.absences.push({ from, until: await this.#day.now() });
  }

  /** Goes on beside the day. */
  async #outage(minutes: number): Promise<void> {
    const from = await this.#day.now();
    const away = { path: '/calendar/ingest/', status: 503, times: 1_000_000_000 };
    await this.#day.control('POST', '/webex/faults', away);
    const back = async (): Promise<void> => {
      while ((await this.#day.now()) < from + minutes * MINUTE_MS) await rest(LOOK_MS);
      await this.#day.control('DELETE', '/webex/faults');
      this.absences.push({ from, until: await this.#day.now() });
    };
    this.#outages.push(back());
  }

  #leaveCalendar(made: Made, account: string, until: number): void {
    const { plan, startAt } = made;
    const from = made.holders.get(account) ?? until;
    const endAt = startAt + plan.minutes * MINUTE_MS;
    this.stays.push({ account, meeting: plan.meeting, startAt, endAt, from, until });
  }

  async #copyOf(made: Made, guest: Account): Promise<string> {
    const path = `/users/${guest.entraId}/calendar/events?$top=1000&$select=id,iCalUId`;
    const { value } = await this.#ask('GET', path);
    return value.find((event: Json) => event.iCalUId === made.iCalUId).id;
  }

  /** Whoever is named first is needed, the others may stay away. */
  #attendee({ address, name }: Account, n: number): object {
    const isRoom = this.#day.installation.facts.rooms.some((room) => room.address === address);
    const type = isRoom ? 'resource' : n === 0 ? 'required' : 'optional';
    return { type, emailAddress: { address, name } };
  }

  #account(n: number): Account {
    const found = this.#day.accounts[n];
    if (found === undefined) throw new RangeError(`there is no account ${n}`);
    return found;
  }

  #known(meeting: number): Made {
    const made = this.#made.get(meeting);
    if (made === undefined) throw new Error(`meeting ${meeting} was never made`);
    return made;
  }

  async #ask(method: string, path: string, body?: object): Promise<Json> {
    const answer = await this.#day.graph(method, path, body);
    if (answer.status < 300) return answer.json;
    throw new Error(`the calendar refused a change: ${answer.status} ${answer.text}`);
  }
}

function eventPath({ entraId }: Account, id: string): string {
  return `/users/${entraId}/events/${encodeURIComponent(id)}`;
}
