import type { Account, Answer } from '../../test/system/installation.ts';
import { meetingText } from '../crash/change-maker.ts';
import type { Json } from '../crash/steadfast-outlook.ts';
import type { Creation, DayChange, Edit, Repetition, Which } from './day-plan.ts';
import type { SteeredInstallation } from './steered-installation.ts';

const MINUTE_MS = 60_000;
const LENGTH_MS = 30 * MINUTE_MS;
const HORIZON_MS = 120 * 24 * 60 * MINUTE_MS;

interface Made {
  readonly owner: Account;
  readonly id: string;
  readonly iCalUId: string;
}

/** Makes the planned changes one after the other, as the people's calendar clients would. */
export class DayPlayer {
  readonly #day: SteeredInstallation;
  readonly #base: number;
  readonly #made = new Map<number, Made>();

  /** Minute 0 of the plan is the instant `base` (epoch ms, a midnight of UTC). */
  constructor(day: SteeredInstallation, base: number) {
    this.#day = day;
    this.#base = base;
  }

  async make(change: DayChange): Promise<void> {
    if (change.kind === 'create') return this.#create(change);
    const made = this.#known(change.meeting);
    switch (change.kind) {
      case 'move':
        return this.#ask('PATCH', made.owner, made.id, this.#times(change.startMinute));
      case 'rename':
        return this.#ask('PATCH', made.owner, made.id, { subject: change.subject });
      case 'edit-one':
        return this.#edit(made, change.which, change.edit);
      case 'cancel-one':
        return this.#ask(
          'DELETE',
          made.owner,
          (await this.#occurrence(made.owner, made.id, change.which)).id,
        );
      case 'cancel':
        return this.#ask('DELETE', made.owner, made.id);
      case 'delete': {
        const guest = this.#account(change.guest);
        return this.#ask('DELETE', guest, await this.#copyOf(made, guest));
      }
      case 'respond':
        return this.#respond(made, this.#account(change.guest), change.which, change.answer);
    }
  }

  #account(place: number): Account {
    const found = this.#day.accounts[place];
    if (found === undefined) throw new RangeError(`there is no account ${place}`);
    return found;
  }

  #known(meeting: number): Made {
    const made = this.#made.get(meeting);
    if (made === undefined) throw new Error(`meeting ${meeting} was never made`);
    return made;
  }

  async #create(change: Creation): Promise<void> {
    const owner = this.#account(change.owner);
    const times = this.#times(change.startMinute);
    const path = `/users/${owner.entraId}/calendar/events`;
    const { json } = accepted(
      await this.#day.graph('POST', path, {
        subject: `Meeting ${change.meeting}`,
        ...times,
        ...meetingText(change.joining, change.meeting),
        ...recurrence(change.repeats, times.start.dateTime.slice(0, 10)),
        attendees: change.guests.map((guest) => {
          const { address, name } = this.#account(guest);
          return { type: 'required', emailAddress: { address, name } };
        }),
      }),
    );
    const { id, iCalUId } = json;
    this.#made.set(change.meeting, { owner, id, iCalUId });
  }

  async #edit(made: Made, which: number, edit: Edit): Promise<void> {
    const occurrence = await this.#occurrence(made.owner, made.id, which);
    if ('subject' in edit) return this.#ask('PATCH', made.owner, occurrence.id, edit);
    const day = Date.parse(`${occurrence.originalStart.slice(0, 10)}T00:00:00Z`);
    const start = (day - this.#base) / MINUTE_MS + edit.minuteOfDay;
    return this.#ask('PATCH', made.owner, occurrence.id, this.#times(start));
  }

  async #respond(made: Made, guest: Account, which: Which, answer: string): Promise<void> {
    const copy = await this.#copyOf(made, guest);
    const id = which === null ? copy : (await this.#occurrence(guest, copy, which)).id;
    return this.#ask('POST', guest, id, { sendResponse: true }, `/${answer}`);
  }

  async #occurrence(holder: Account, series: string, which: number): Promise<Json> {
    const from = new Date(this.#base).toISOString();
    const to = new Date(this.#base + HORIZON_MS).toISOString();
    const path = `/users/${holder.entraId}/events/${encodeURIComponent(series)}/instances`;
    const query = `startDateTime=${from}&endDateTime=${to}&$top=100&$select=id,originalStart,start`;
    const { json } = accepted(await this.#day.graph('GET', `${path}?${query}`));
    const left = json.value.toSorted((a: Json, b: Json) => (a.originalStart < b.originalStart ? -1 : 1));
    const found = left[which % left.length];
    if (found === undefined) throw new Error('a series without any occurrence');
    return found;
  }

  async #copyOf(made: Made, guest: Account): Promise<string> {
    const path = `/users/${guest.entraId}/calendar/events?$top=1000&$select=id,iCalUId`;
    const { json } = accepted(await this.#day.graph('GET', path));
    const copy = json.value.find((event: Json) => event.iCalUId === made.iCalUId);
    if (copy === undefined) throw new Error(`${guest.name} has no copy`);
    return copy.id;
  }

  async #ask(method: string, holder: Account, id: string, body?: object, action = ''): Promise<void> {
    const path = `/users/${holder.entraId}/events/${encodeURIComponent(id)}${action}`;
    accepted(await this.#day.graph(method, path, body));
  }

  #times(minute: number) {
    const start = this.#base + minute * MINUTE_MS;
    const wall = (at: number) => ({ dateTime: new Date(at).toISOString().slice(0, 19), timeZone: 'UTC' });
    return { start: wall(start), end: wall(start + LENGTH_MS) };
  }
}

function recurrence(repeats: Repetition | null, startDate: string): object {
  if (repeats === null) return {};
  const { every, count: numberOfOccurrences } = repeats;
  const weekday = new Date(`${startDate}T00:00:00Z`).toLocaleDateString('en', {
    weekday: 'long',
    timeZone: 'UTC',
  });
  const pattern =
    every === 'day'
      ? { type: 'daily', interval: 1 }
      : { type: 'weekly', interval: 1, daysOfWeek: [weekday.toLowerCase()] };
  const range = { type: 'numbered', startDate, numberOfOccurrences, recurrenceTimeZone: 'UTC' };
  return { recurrence: { pattern, range } };
}

function accepted(answer: Answer): Answer {
  if (answer.status < 300) return answer;
  throw new Error(`the calendar refused a change: ${answer.status} ${answer.text}`);
}
