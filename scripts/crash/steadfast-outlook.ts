import { setTimeout as rest } from 'node:timers/promises';
import type { Account, Answer } from '../../test/system/installation.ts';
import type { Outlook } from '../../test/system/outlook.ts';

const PAUSE_MS = 100;
const PATIENCE_MS = 60_000;

// biome-ignore lint/suspicious/noExplicitAny: foreign JSON
export type Json = any;

/**
 * A calendar client that outlives the service: it repeats what was not answered until it knows what came of it. A creation is
 * repeated with the same transactionId and the same bytes; before anything else is repeated the event is read again.
 */
export class SteadfastOutlook {
  readonly #outlook: Pick<Outlook, 'graph'>;

  constructor(outlook: Pick<Outlook, 'graph'>) {
    this.#outlook = outlook;
  }

  /** `event` carries the transactionId. Returns what was made. */
  async create(owner: Account, event: object): Promise<Json> {
    const path = `/users/${owner.entraId}/calendar/events`;
    const answer = await answered(() => this.#outlook.graph('POST', path, event));
    return expected(answer, 201, path).json;
  }

  /** `landed` tells from a reading whether the change is made. */
  async change(owner: Account, id: string, change: object, landed: (event: Json) => boolean): Promise<void> {
    const path = pathOf(owner, id);
    await this.#once(
      () => this.#outlook.graph('PATCH', path, change),
      200,
      path,
      async () => landed((await this.read(owner, id)).json),
    );
  }

  async delete(owner: Account, id: string): Promise<void> {
    const path = pathOf(owner, id);
    await this.#once(
      () => this.#outlook.graph('DELETE', path),
      204,
      path,
      async () => (await this.read(owner, id)).status === 404,
    );
  }

  async respond(guest: Account, id: string, action: string, response: string): Promise<void> {
    const path = `${pathOf(guest, id)}/${action}`;
    await this.#once(
      () => this.#outlook.graph('POST', path, { sendResponse: true }),
      202,
      path,
      async () => (await this.read(guest, id)).json.responseStatus.response === response,
    );
  }

  /** Answers 200 or 404. */
  read(owner: Account, id: string): Promise<Answer> {
    return answered(() => this.#outlook.graph('GET', pathOf(owner, id)));
  }

  /** Every event of a mailbox. */
  async calendar(owner: Account, select: string): Promise<Json[]> {
    const path = `/users/${owner.entraId}/calendar/events?$top=1000&$select=${select}`;
    const { json } = expected(await answered(() => this.#outlook.graph('GET', path)), 200, path);
    if (json['@odata.nextLink'] !== undefined) throw new Error('a calendar of more than one page');
    return json.value;
  }

  async #once(
    send: () => Promise<Answer>,
    status: number,
    path: string,
    landed: () => Promise<boolean>,
  ): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const tried = await attempt(send);
      if ('answer' in tried) return void expected(tried.answer, status, path);
      if (performance.now() > deadline) throw tried.fault;
      if (await landed()) return;
    }
  }
}

/** Repeats a call that may be repeated until it is answered; throws what it met last when that takes over a minute. */
export async function answered(send: () => Promise<Answer>): Promise<Answer> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const tried = await attempt(send);
    if ('answer' in tried) return tried.answer;
    if (performance.now() > deadline) throw tried.fault;
  }
}

type Attempt = { readonly answer: Answer } | { readonly fault: unknown };

/** One try; after a failed one a short rest, because a dead service comes back within a second or two. */
async function attempt(send: () => Promise<Answer>): Promise<Attempt> {
  const tried: Attempt = await send().then(
    (answer) => (answer.status < 500 ? { answer } : { fault: new Error(`status ${answer.status}`) }),
    (fault: unknown) => ({ fault }),
  );
  if ('fault' in tried) await rest(PAUSE_MS);
  return tried;
}

function pathOf(owner: Account, id: string): string {
  return `/users/${owner.entraId}/events/${encodeURIComponent(id)}`;
}

function expected(answer: Answer, status: number, path: string): Answer {
  if (answer.status === status) return answer;
  throw new Error(`${path} was answered ${answer.status}: ${answer.text}`);
}
