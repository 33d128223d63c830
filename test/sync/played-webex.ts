import { compactDecrypt } from 'jose';
import type { MeetingSink, PersonalRoom, WebexDirectory } from '../../src/domain/ports.ts';
import { bytesOf } from './played-kms.ts';

/** A Webex that knows everybody, by the address, and remembers what it was told. */
export class PlayedWebex {
  /** Addresses that were looked up. */
  readonly lookedUp: string[] = [];
  /** Whether somebody was away, as it was told. */
  readonly presences: boolean[] = [];
  readonly #items = new Map<string, object>();
  readonly #idOf: (address: string) => string;

  constructor(idOf: (address: string) => string = webexIdOf) {
    this.#idOf = idOf;
  }

  readonly directory: WebexDirectory = {
    identify: async (address) => {
      this.lookedUp.push(address);
      return this.#idOf(address);
    },
    personalRoom: async (address) => roomOf(address),
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
    setPresence: async (_webexId, { away }) => void this.presences.push(away),
  };

  /** How many meetings stand in the list of this address. */
  listed(address: string): number {
    return this.#itemsOf(address).length;
  }

  /** Their subjects, opened as Webex apps do it, in alphabetical order. */
  async subjects(address: string): Promise<string[]> {
    const opened = await Promise.all(
      this.#itemsOf(address).map((item) => {
        const [jwe, uri] = ['encryptedSubject', 'encryptionKeyUrl'].map((name) =>
          String(Reflect.get(item, name)),
        );
        return compactDecrypt(jwe ?? '', bytesOf(uri ?? ''));
      }),
    );
    return opened.map(({ plaintext }) => Buffer.from(plaintext).toString()).sort();
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

  #itemsOf(address: string): object[] {
    const own = `${this.#idOf(address)}/`;
    return [...this.#items].filter(([key]) => key.startsWith(own)).map(([, item]) => item);
  }
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
