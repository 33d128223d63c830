import type { StandingSession } from './sessions.ts';

/** Messages that may wait for a slow reader; it then gets only what is newest. */
const MAX_WAITING = 2;

/** One open answer of server-sent events to the status page. */
export class PageStream {
  readonly body: ReadableStream<Uint8Array>;
  session: StandingSession;
  /** Mark of what the page shows. */
  shows: string;
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  readonly #gone: () => void;

  /** `gone` is told once, whoever ended it. */
  constructor(session: StandingSession, shows: string, gone: () => void) {
    this.session = session;
    this.shows = shows;
    this.#gone = gone;
    this.body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        cancel: () => this.#leave(),
      },
      { highWaterMark: MAX_WAITING },
    );
  }

  isOf(tokenHash: Uint8Array): boolean {
    return Buffer.from(tokenHash).equals(this.session.tokenHash);
  }

  /** False while its reader is behind. */
  get takes(): boolean {
    return (this.#controller?.desiredSize ?? 0) > 0;
  }

  send(event: string, data: string): void {
    const lines = data.split('\n').map((line) => `data: ${line}\n`);
    this.#controller?.enqueue(new TextEncoder().encode(`event: ${event}\n${lines.join('')}\n`));
  }

  end(): void {
    const controller = this.#controller;
    this.#leave();
    controller?.close();
  }

  #leave(): void {
    if (this.#controller === null) return;
    this.#controller = null;
    this.#gone();
  }
}
