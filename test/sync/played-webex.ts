import { compactDecrypt } from 'jose';
import { AppError } from '../../src/domain/app-error.ts';
import type { MeetingSink, PersonalRoom, WebexDirectory } from '../../src/domain/ports.ts';
import { bytesOf } from './played-kms.ts';

/** A Webex that knows everybody, by the address, and remembers what it was told. */
export class PlayedWebex {
  /** Addresses that were looked up. */
  readonly lookedUp: string[] = [];
  /** Whether somebody was away, as it was told. */
  readonly presences: boolean[] = [];
  /** What was told of reminders, in order: what became of it, and when the meeting begins. */
  readonly reminders: (readonly [outcome: string, startAt: number | null])[] = [];
  /** Under which keys reminders were sealed. */
  readonly reminderKeys: string[] = [];
  /** Every call about a reminder or an absence fails as if Webex were out of reach. */
  isDown = false;
  /** Every call about a reminder takes effect, and its answer is lost. */
  losesAnswers = false;
  /** Waits before a call about a reminder takes effect. */
  before: () => Promise<void> = () => Promise.resolve();
  readonly #items = new Map<string, object>();
  readonly #gone = new Set<string>();
  readonly #rooms = new Map<string, PersonalRoom | null>();
  /** Versions of reminders, and whether one is shown. */
  readonly #reminded = new Map<string, { readonly version: number; readonly isShown: boolean }>();
  readonly #idOf: (address: string) => string;

  constructor(idOf: (address: string) => string = webexIdOf) {
    this.#idOf = idOf;
  }

  readonly directory: WebexDirectory = {
    identify: async (address) => {
      this.lookedUp.push(address);
      if (this.#gone.has(address)) return null;
      return { id: this.#idOf(address), orgId: null };
    },
    personalRoom: async (address) =>
      this.#rooms.has(address) ? (this.#rooms.get(address) ?? null) : roomOf(address),
  };

  readonly sink: MeetingSink = {
    put: async (webexId, item) => {
      const key = `${webexId}/${item.id}`;
      const outcome = this.#items.has(key) ? 'updated' : 'created';
      this.#items.set(key, item);
      return outcome;
    },
    withdraw: async (webexId, meetingId) => {
      this.#items.delete(`${webexId}/${meetingId}`);
      return 'withdrawn';
    },
    putReminder: (webexId, { id, start, end, encryptionKeyUrl }, version) => {
      if (end <= start) throw refused();
      this.reminderKeys.push(encryptionKeyUrl);
      return this.#remind(`${webexId}/${id}`, version, Date.parse(start));
    },
    withdrawReminder: (webexId, id, version) => this.#remind(`${webexId}/${id}`, version, null),
    setPresence: async (_webexId, { away }) => {
      if (this.isDown) throw unreachable();
      this.presences.push(away);
    },
  };

  /** Nobody is known under this address from now on. */
  leaves(address: string): void {
    this.#gone.add(address);
  }

  /** Gives a person another personal room from now on, or none. */
  setRoom(address: string, name: string | null): void {
    this.#rooms.set(address, name === null ? null : roomOf(`${name}@nordwind.example`));
  }

  /** How many meetings stand in the list of this address. */
  listed(address: string): number {
    return this.#itemsOf(address).length;
  }

  /** Their subjects, opened as Webex apps do it, in alphabetical order; those that have one. */
  subjects(address: string): Promise<string[]> {
    return this.#opened(address, ({ encryptedSubject }) => encryptedSubject);
  }

  async #remind(key: string, version: number, startAt: number | null) {
    await this.before();
    if (this.isDown) throw unreachable();
    const held = this.#reminded.get(key);
    const isNew = held === undefined || held.version < version;
    const outcome = startAt === null ? 'withdrawn' : held?.isShown ? 'updated' : 'created';
    if (isNew) {
      this.#reminded.set(key, { version, isShown: startAt !== null });
      this.reminders.push([outcome, startAt]);
    }
    if (this.losesAnswers) throw unreachable();
    return isNew ? outcome : 'fenced';
  }

  /** The links in the list of this address, opened in the same way; those that have one. */
  joinUrls(address: string): Promise<string[]> {
    return this.#opened(address, ({ meetingJoinInfo }) => meetingJoinInfo?.meetingJoinURL);
  }

  /** When they begin, in order. */
  starts(address: string): string[] {
    return this.#itemsOf(address)
      .map((item) => String(Reflect.get(item, 'start')))
      .sort();
  }

  /** URIs of the keys that the items in the list of this address are sealed under. */
  keysOf(address: string): string[] {
    return this.#itemsOf(address).map((item) => String(Reflect.get(item, 'encryptionKeyUrl')));
  }

  // biome-ignore lint/suspicious/noExplicitAny: foreign JSON in tests
  async #opened(address: string, field: (item: any) => unknown): Promise<string[]> {
    const sealed = this.#itemsOf(address).flatMap((item) => {
      const jwe = field(item);
      const key = bytesOf(String(Reflect.get(item, 'encryptionKeyUrl')));
      return typeof jwe === 'string' ? [compactDecrypt(jwe, key)] : [];
    });
    return (await Promise.all(sealed)).map(({ plaintext }) => Buffer.from(plaintext).toString()).sort();
  }

  /** UUIDs of the spaces in the list of this address; null for a meeting without one. */
  spaces(address: string): (string | null)[] {
    return this.#itemsOf(address).map((item) => Object(item).conversationId ?? null);
  }

  #itemsOf(address: string): object[] {
    const own = `${this.#idOf(address)}/`;
    return [...this.#items].filter(([key]) => key.startsWith(own)).map(([, item]) => item);
  }
}

function unreachable(): AppError {
  const facts = {
    code: 'unavailable',
    reason: 'WEBEX_UNREACHABLE',
    upstream: 'webex',
    scope: 'upstream',
  } as const;
  return new AppError({ ...facts, message: 'Webex is played as being away.' });
}

function refused(): AppError {
  const facts = { code: 'invalid', reason: 'WEBEX_ITEM_REFUSED', upstream: 'webex' } as const;
  return new AppError({ ...facts, message: 'Webex takes no reminder that ends before it begins.' });
}

/** The room of the person with this address. */
export function roomOf(address: string): PersonalRoom {
  const name = encodeURIComponent(address.split('@')[0] ?? '');
  return {
    url: `https://nordwind.webex.com/meet/${name}`,
    sip: `${name}@nordwind.webex.com`,
    meetingNumber: '1234567890',
    phone: null,
  };
}

function webexIdOf(address: string): string {
  return `webex-of-${address}`;
}
