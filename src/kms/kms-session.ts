import type { EventStream, Random } from '../domain/ports.ts';
import { type Channel, ChannelKeeper, type Cluster } from './channel.ts';
import { AnswerTimeout, ChannelReset, Exchange, type OpenedAnswer } from './exchange.ts';
import { closedFault, kmsFault, malformedAnswer, refusalOf, tamperedAnswer } from './kms-fault.ts';
import type { KmsHttpDeps } from './kms-http.ts';
import { type KmsAnswer, wrapForChannel, wrapForStaticKey } from './message.ts';

/** How long requests wait for company, and for their answers, in milliseconds (reference: webex.md 2.2). */
export interface KmsTiming {
  /** Requests that come up within this time travel in one post. */
  readonly batchWindowMs: number;
  /** Before a request is sent again; doubles each time. */
  readonly firstTimeoutMs: number;
  /** A wait at least this long starts with a new channel. */
  readonly newChannelMs: number;
  readonly giveUpMs: number;
}

export const KMS_TIMING: KmsTiming = {
  batchWindowMs: 50,
  firstTimeoutMs: 6_000,
  newChannelMs: 32_000,
  giveUpMs: 96_000,
};

export interface SessionDeps extends KmsHttpDeps {
  readonly userId: string;
  clientId(): string;
  readonly rootsPem: string;
  readonly eventStream: EventStream;
  readonly random: Random;
  readonly timing: KmsTiming;
  readonly answered: () => void;
}

/** A request without what every request has: `client` and `requestId`. */
export interface KmsRequest {
  readonly method: 'create' | 'retrieve' | 'update' | 'delete';
  readonly uri: string;
  readonly fields?: Readonly<Record<string, unknown>>;
  /** About one existing key: then a 403, 404 or 405 speaks of that key. */
  readonly perKey?: boolean;
  /** What to ask for instead when what is asked for has moved to this URI; without it a move is a refusal. */
  readonly moved?: (to: string) => string;
}

/** Error code of what has moved (reference: webex.md 2.7). */
const MOVED = 301_002;
const MOST_MOVES = 3;

type Attempt = (timeoutMs: number) => Promise<OpenedAnswer>;

/** Asks the KMS over its channel; repeats what gets lost. */
export class KmsSession {
  readonly #deps: SessionDeps;
  readonly #keeper: ChannelKeeper;
  readonly #exchange: Exchange;

  constructor(deps: SessionDeps) {
    this.#deps = deps;
    this.#keeper = new ChannelKeeper({ ...deps, greet: (cluster, request) => this.#greet(cluster, request) });
    this.#exchange = new Exchange({
      ...deps,
      batchWindowMs: deps.timing.batchWindowMs,
      open: (compact) => this.#keeper.open(compact),
      reset: () => this.#keeper.drop()?.uri ?? null,
    });
  }

  /** The successful answer. Throws AppError; KMS_TIMEOUT when none came in time, KMS_MOVED when it is sent round in circles. */
  async ask(request: KmsRequest): Promise<KmsAnswer> {
    const asked = [request.uri];
    for (;;) {
      const uri = asked.at(-1) ?? request.uri;
      const answer = await this.#askOnce({ ...request, uri });
      if (answer.errorCode !== MOVED || request.moved === undefined) return succeeded(answer, request);
      if (answer.redirectUri === undefined) throw malformedAnswer();
      const next = request.moved(answer.redirectUri);
      if (asked.includes(next) || asked.length > MOST_MOVES) throw endlessMove();
      asked.push(next);
    }
  }

  /** Forgets the channel and ends what waits. */
  close(): void {
    this.#exchange.fail(closedFault());
    this.#keeper.drop();
  }

  async #askOnce(request: KmsRequest): Promise<KmsAnswer> {
    let requestId = '';
    let channel: Channel | undefined;
    const attempt: Attempt = async (timeoutMs) => {
      // Silence this long can mean that the KMS lost the channel. One made meanwhile by another request stays.
      if (channel !== undefined && timeoutMs >= this.#deps.timing.newChannelMs) this.#keeper.drop(channel);
      const current = await this.#keeper.current();
      // What was said on one channel answers nothing on the next.
      if (current !== channel) requestId = this.#deps.random.uuid();
      channel = current;
      return await this.#overChannel(channel, request, requestId, timeoutMs);
    };
    const { answer, signed } = await this.#persist(attempt);
    // A signed answer is readable on its way and never carries a result of the channel.
    if (signed && answer.status < 400) throw tamperedAnswer();
    return answer;
  }

  async #overChannel(
    channel: Channel,
    request: KmsRequest,
    requestId: string,
    timeoutMs: number,
  ): Promise<OpenedAnswer> {
    const { method, uri, fields } = request;
    const content = { ...fields, client: this.#client(), method, uri, requestId };
    const seal = async () => await wrapForChannel(content, channel);
    const letter = { destination: channel.cluster.uri, channel: channel.uri, seal, requestId };
    return await this.#exchange.send(letter, timeoutMs);
  }

  async #greet(cluster: Cluster, request: object): Promise<OpenedAnswer> {
    const requestId = this.#deps.random.uuid();
    const content = { ...request, client: this.#client(), requestId };
    const seal = async () => await wrapForStaticKey(content, cluster.staticKey);
    const letter = { destination: cluster.uri, channel: null, seal, requestId };
    return await this.#persist((timeoutMs) => this.#exchange.send(letter, timeoutMs));
  }

  /** Tries again after each time-out until the time is up, and once more after a reset. */
  async #persist(attempt: Attempt): Promise<OpenedAnswer> {
    const { firstTimeoutMs, giveUpMs } = this.#deps.timing;
    let resets = 0;
    let waited = 0;
    for (let timeoutMs = firstTimeoutMs; waited < giveUpMs; ) {
      try {
        return await attempt(Math.min(timeoutMs, giveUpMs - waited));
      } catch (thrown) {
        if (thrown instanceof ChannelReset && resets === 0) resets += 1;
        else if (thrown instanceof AnswerTimeout) {
          waited += timeoutMs;
          timeoutMs *= 2;
        } else throw thrown instanceof ChannelReset ? repeatedReset() : thrown;
      }
    }
    const message =
      'The KMS took the requests but gave no answer in time: check the event stream and the KMS.';
    throw kmsFault('unavailable', 'TIMEOUT', message);
  }

  #client(): object {
    const { userId } = this.#deps;
    return { clientId: this.#deps.clientId(), credential: { userId, bearer: this.#deps.token() } };
  }
}

/** A move that nobody follows is no success, whatever status it came with. */
function succeeded(answer: KmsAnswer, { perKey }: KmsRequest): KmsAnswer {
  if (answer.status >= 400 || answer.errorCode === MOVED) throw refusalOf(answer, perKey === true);
  return answer;
}

function endlessMove(): Error {
  const message = 'The KMS sends the appliance from one address of a key to the next: look at the KMS.';
  return kmsFault('unavailable', 'MOVED', message, { scope: 'job' });
}

function repeatedReset(): Error {
  return kmsFault('unavailable', 'RESET', 'The KMS drops every channel right after it was made.');
}
