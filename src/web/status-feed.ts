import { createHash } from 'node:crypto';
import { statusMain } from '../../views/status.ts';
import type { Clock } from '../domain/ports.ts';
import type { StatusFacts } from '../domain/status.ts';
import { PageStream } from './page-stream.ts';
import type { StandingSession } from './sessions.ts';

/** Not more often than this is looked whether something changed. */
const PACE_MS = 1_000;
/** A reading rests this many times as long as it took, so that a large installation is not kept busy by an open page. */
const REST_FACTOR = 20;
const BEAT_MS = 15_000;
const MAX_STREAMS = 32;
/** Browsers open six connections to one origin; the page itself needs some of them. */
const MAX_PER_SESSION = 4;

export interface FeedDeps {
  readonly clock: Clock;
  /** Waits in real time whatever the clock does; returns early when the signal fires. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Changes whenever the status may have changed, and costs next to nothing. */
  readonly statusMark: () => string;
  /** The status with sealed addresses: enough to see whether it differs. */
  readonly outline: () => StatusFacts;
  readonly status: () => Promise<StatusFacts>;
  readonly fault: (error: unknown) => void;
}

/**
 * Pushes the status to every open page when it changed. All pages share one look at the status; an address is opened only when
 * a page shows something else than what is. A stream ends with its session and never keeps it alive.
 */
export class StatusFeed {
  readonly #deps: FeedDeps;
  readonly #look: (tokenHash: Uint8Array) => StandingSession | null;
  readonly #streams = new Set<PageStream>();
  readonly #closing = new AbortController();
  #running = false;
  /** The cheap mark at the last look, and the page's mark that it led to. */
  #seen = '';
  #current = '';
  #beatAt = 0;

  /** `look` tells how a session stands now. */
  constructor(deps: FeedDeps, look: (tokenHash: Uint8Array) => StandingSession | null) {
    this.#deps = deps;
    this.#look = look;
  }

  /** A stream for a page that shows the state of `mark`; null when there are too many. */
  open(session: StandingSession, mark: string): ReadableStream<Uint8Array> | null {
    const own = [...this.#streams].filter((stream) => stream.isOf(session.tokenHash));
    if (this.#closing.signal.aborted || this.#streams.size >= MAX_STREAMS || own.length >= MAX_PER_SESSION)
      return null;
    const stream = new PageStream(session, mark, () => this.#streams.delete(stream));
    this.#streams.add(stream);
    stream.send('beat', String(this.#deps.clock.now()));
    if (!this.#running) void this.#run();
    return stream.body;
  }

  endSession(tokenHash: Uint8Array): void {
    this.#end((stream) => stream.isOf(tokenHash));
  }

  endSessionsOf(admin: string): void {
    this.#end((stream) => stream.session.admin === admin);
  }

  /** Ends every stream and takes no new one. */
  close(): void {
    this.#closing.abort();
    this.#end(() => true);
  }

  #end(which: (stream: PageStream) => boolean): void {
    for (const stream of this.#streams) if (which(stream)) stream.end();
  }

  async #run(): Promise<void> {
    this.#running = true;
    this.#beatAt = this.#deps.clock.monotonicMs() + BEAT_MS;
    while (this.#streams.size > 0) {
      const began = this.#deps.clock.monotonicMs();
      await this.#turn().catch((error: unknown) => {
        this.#deps.fault(error);
        this.#end(() => true);
      });
      const took = this.#deps.clock.monotonicMs() - began;
      await this.#deps.pause(Math.max(PACE_MS, took * REST_FACTOR), this.#closing.signal);
    }
    this.#running = false;
  }

  async #turn(): Promise<void> {
    this.#endExpired();
    const seen = this.#deps.statusMark();
    if (seen !== this.#seen) this.#current = pageMark(this.#deps.outline());
    this.#seen = seen;
    const behind = [...this.#streams].filter((stream) => stream.shows !== this.#current && stream.takes);
    if (behind.length > 0) await this.#push(behind);
    this.#beat();
  }

  // Rendered for those who need it now and not kept: it holds opened addresses (design D4).
  async #push(behind: readonly PageStream[]): Promise<void> {
    const facts = await this.#deps.status();
    this.#current = pageMark(facts);
    const html = String(await statusMain(facts, this.#current));
    for (const stream of behind) {
      stream.send('status', html);
      stream.shows = this.#current;
    }
  }

  // Seen by the page's script, unlike a comment: it tells a living stream from a dead one, and what time it is here.
  #beat(): void {
    const { clock } = this.#deps;
    if (clock.monotonicMs() < this.#beatAt) return;
    this.#beatAt = clock.monotonicMs() + BEAT_MS;
    for (const stream of this.#streams) if (stream.takes) stream.send('beat', String(clock.now()));
  }

  /** Only when a session would be over unless it was used meanwhile is it looked up. */
  #endExpired(): void {
    const now = this.#deps.clock.now();
    for (const stream of this.#streams) {
      if (now < stream.session.endsAt) continue;
      const session = this.#look(stream.session.tokenHash);
      if (session === null) stream.end();
      else stream.session = session;
    }
  }
}

/** The same for two readings that look the same, whatever the time and whether addresses could be opened. */
export function pageMark(facts: StatusFacts): string {
  const sealed = {
    ...facts,
    now: 0,
    mailboxes: facts.mailboxes.map((one) => ({ ...one, address: null })),
    deliveries: facts.deliveries.map((one) => ({ ...one, address: null })),
  };
  return createHash('sha256').update(JSON.stringify(sealed)).digest('base64url').slice(0, 22);
}
