import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { type AdminRig, call, cookieOf, signIn } from './web-rig.ts';

export interface ServerEvent {
  readonly event: string;
  readonly data: string;
}

/** A page's event stream, read by hand. */
export class EventReader {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly ended: Promise<void>;
  readonly leave: () => void;
  readonly #events: ServerEvent[] = [];
  #heard: () => void = () => undefined;
  #text = '';

  private constructor(incoming: IncomingMessage, ended: Promise<void>) {
    this.status = incoming.statusCode ?? 0;
    this.headers = incoming.headers;
    this.ended = ended;
    this.leave = () => incoming.destroy();
  }

  static open(rig: AdminRig, path: string, cookie: string): Promise<EventReader> {
    const { promise, resolve, reject } = Promise.withResolvers<EventReader>();
    const ended = Promise.withResolvers<void>();
    const outgoing = request(
      `${rig.listening.url}${path}`,
      { headers: { cookie }, agent: false },
      (incoming) => {
        const reader = new EventReader(incoming, ended.promise);
        incoming.setEncoding('utf8').on('data', (text: string) => reader.#take(text));
        incoming.on('end', () => ended.resolve()).on('error', () => ended.resolve());
        resolve(reader);
      },
    );
    outgoing.on('error', reject).end();
    return promise;
  }

  /** The next event of that name; those of other names before it are passed over. */
  async next(name: string): Promise<string> {
    for (;;) {
      const found = this.#events.shift();
      if (found?.event === name) return found.data;
      if (found === undefined) await this.#change();
    }
  }

  /** The names of what has come and was not taken yet. */
  get waiting(): string[] {
    return this.#events.map(({ event }) => event);
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#heard = resolve;
    });
  }

  #take(text: string): void {
    const parts = `${this.#text}${text}`.split('\n\n');
    this.#text = parts.pop() ?? '';
    for (const part of parts) {
      const [first = '', ...lines] = part.split('\n');
      const data = lines.map((line) => line.replace(/^data: /, '')).join('\n');
      this.#events.push({ event: first.replace('event: ', ''), data });
    }
    this.#heard();
  }
}

/** Signs in and opens the page: the cookie, and the mark of what the page shows. */
export async function openStatusPage(rig: AdminRig): Promise<{ cookie: string; mark: string }> {
  const cookie = cookieOf(await signIn(rig));
  const { text } = await call(rig.listening, '/', { headers: { cookie } });
  return { cookie, mark: /data-mark="([\w-]+)"/.exec(text)?.[1] ?? '' };
}
