import { Agent, type Dispatcher, request, WebSocket } from 'undici';
import { Judge, type Judged } from './judge.ts';

const TIMEOUT_MS = 15_000;
/** How often a call is made again when the server asks to wait, and the longest wait that is taken. */
const PATIENCE = 3;
const LONGEST_WAIT_MS = 10_000;

export interface ServerFacts {
  /** Root of the ingest profile. */
  readonly ingestUrl: string;
  /** Root of the device service; null leaves the WebSocket out. */
  readonly wdmUrl: string | null;
  /** Access token of the service app. */
  readonly token: string;
  /** Access token of the first user, for an app of theirs; null leaves out what is pushed to apps. */
  readonly appToken: string | null;
  /** UUIDs of two users or rooms that the server knows. */
  readonly users: readonly [string, string];
  /** PEM of an authority to trust besides the system's. */
  readonly caPem: string | null;
  /** Milliseconds within which a frame has to come; default 5000. */
  readonly withinMs?: number;
}

export interface Exchange {
  readonly operation: string;
  readonly method: string;
  readonly url: string;
  /** An object travels as JSON, a text as it is. */
  readonly body?: object | string;
  readonly type?: string;
  /** Null sends none. */
  readonly token?: string | null;
}

export interface Answer extends Judged {
  // biome-ignore lint/suspicious/noExplicitAny: the judge has seen its shape
  readonly json: any;
}

/** A check that was not passed: what the profile says, and what came. */
export class Failed extends Error {}

/** The server under examination. Every answer is held to the profile before a check sees it. */
export class Server {
  readonly facts: ServerFacts;
  readonly judge = new Judge();
  readonly #agent: Agent;

  constructor(facts: ServerFacts) {
    this.facts = facts;
    this.#agent = new Agent({ connect: facts.caPem === null ? {} : { ca: facts.caPem } });
  }

  meetingUrl(meetingId: string, user?: string, query = ''): string {
    return this.#urlOf('meetings', meetingId, user, query);
  }

  reminderUrl(meetingId: string, user?: string, query = ''): string {
    return this.#urlOf('reminders', meetingId, user, query);
  }

  async put(meetingId: string, version: unknown, item: object, user?: string): Promise<Answer> {
    const url = this.meetingUrl(meetingId, user);
    return await this.exchange({ operation: 'putMeeting', method: 'PUT', url, body: { version, item } });
  }

  async withdraw(meetingId: string, version: unknown, user?: string): Promise<Answer> {
    const url = this.meetingUrl(meetingId, user, `?version=${version}`);
    return await this.exchange({ operation: 'withdrawMeeting', method: 'DELETE', url });
  }

  async putReminder(meetingId: string, version: unknown, reminder: object, user?: string): Promise<Answer> {
    const url = this.reminderUrl(meetingId, user);
    return await this.exchange({ operation: 'putReminder', method: 'PUT', url, body: { version, reminder } });
  }

  async withdrawReminder(meetingId: string, version: unknown, user?: string): Promise<Answer> {
    const url = this.reminderUrl(meetingId, user, `?version=${version}`);
    return await this.exchange({ operation: 'withdrawReminder', method: 'DELETE', url });
  }

  async presence(body: object, user = this.facts.users[0]): Promise<Answer> {
    const url = `${this.facts.ingestUrl}/users/${user}/presence`;
    return await this.exchange({ operation: 'putPresence', method: 'PUT', url, body });
  }

  /** One exchange; when the server asks to wait it is made again. Throws Failed when the answer is none of the profile's. */
  async exchange(asked: Exchange): Promise<Answer> {
    for (let again = 1; ; again += 1) {
      const answer = await this.#once(asked);
      const flaws = this.judge.answer(asked.operation, answer);
      if (flaws.length > 0) throw new Failed(flaws.join('; '));
      if ((answer.status !== 423 && answer.status !== 429) || again > PATIENCE) return answer;
      await wait(waitMs(answer.headers.get('retry-after') ?? ''));
    }
  }

  webSocket(url: string): WebSocket {
    return new WebSocket(url, { dispatcher: this.#agent });
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  #urlOf(kind: string, meetingId: string, user: string = this.facts.users[0], query: string): string {
    const id = Buffer.from(meetingId, 'utf8').toString('base64url');
    return `${this.facts.ingestUrl}/users/${user}/${kind}/${id}${query}`;
  }

  async #once({
    method,
    url,
    body,
    type = 'application/json',
    token = this.facts.token,
  }: Exchange): Promise<Answer> {
    const {
      statusCode,
      headers,
      body: answered,
    } = await request(url, {
      dispatcher: this.#agent,
      method: method as Dispatcher.HttpMethod,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': type }),
      },
      body: typeof body === 'object' ? JSON.stringify(body) : (body ?? null),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await answered.text();
    return { status: statusCode, headers: headersOf(headers), text, json: jsonOf(text) };
  }
}

function headersOf(raw: Dispatcher.ResponseData['headers']): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(raw))
    for (const one of [value ?? []].flat()) headers.append(name, one);
  return headers;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function waitMs(retryAfter: string): number {
  const ms = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - Date.now();
  if (!(ms <= LONGEST_WAIT_MS))
    throw new Failed(`asks to wait for ${retryAfter}, too long for an examination`);
  return Math.max(0, ms);
}

async function wait(ms: number): Promise<void> {
  await new Promise<void>((resolve) => setTimeout(resolve, ms));
}
