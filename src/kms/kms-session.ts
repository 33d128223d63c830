import type { EventStream, Random } from '../domain/ports.ts';
import { type Channel, ChannelKeeper, type Cluster } from './channel.ts';
import { AnswerTimeout, ChannelReset, Exchange, type OpenedAnswer } from './exchange.ts';
import { kmsFault, refusalOf, tamperedAnswer } from './kms-fault.ts';
import type { KmsHttpDeps } from './kms-http.ts';
import { type KmsAnswer, wrapForChannel, wrapForStaticKey } from './message.ts';

/** How long answers are waited for, in milliseconds. */
export interface KmsTiming {
  /** Before a request is sent again; doubles each time. */
  readonly firstTimeoutMs: number;
  /** A wait at least this long starts with a new channel. */
  readonly newChannelMs: number;
  readonly giveUpMs: number;
}

export const KMS_TIMING: KmsTiming = { firstTimeoutMs: 6_000, newChannelMs: 32_000, giveUpMs: 96_000 };

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
}

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
      open: (compact) => this.#keeper.open(compact),
      reset: () => this.#keeper.drop(),
    });
  }

  /** The successful answer. Throws AppError; KMS_TIMEOUT when none came in time. */
  async ask(request: KmsRequest): Promise<KmsAnswer> {
    const requestId = this.#deps.random.uuid();
    let channel: Channel | undefined;
    const attempt: Attempt = async (timeoutMs) => {
      // Silence this long can mean that the KMS lost the channel. One made meanwhile by another request stays.
      if (channel !== undefined && timeoutMs >= this.#deps.timing.newChannelMs) this.#keeper.drop(channel);
      channel = await this.#keeper.current();
      return await this.#overChannel(channel, request, requestId, timeoutMs);
    };
    const { answer, signed } = await this.#persist(attempt);
    if (answer.status >= 400) throw refusalOf(answer.status, request.perKey === true);
    // A signed answer is readable on its way and never carries a result of the channel.
    if (signed) throw tamperedAnswer();
    return answer;
  }

  /** Forgets the channel and ends what waits. */
  close(): void {
    this.#exchange.fail(kmsFault('unavailable', 'CLOSED', 'The appliance is stopping.'));
    this.#keeper.drop();
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
    return await this.#exchange.send({ destination: channel.cluster.uri, seal, requestId }, timeoutMs);
  }

  async #greet(cluster: Cluster, request: object): Promise<OpenedAnswer> {
    const requestId = this.#deps.random.uuid();
    const content = { ...request, client: this.#client(), requestId };
    const seal = async () => await wrapForStaticKey(content, cluster.staticKey);
    const letter = { destination: cluster.uri, seal, requestId };
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

function repeatedReset(): Error {
  return kmsFault('unavailable', 'RESET', 'The KMS drops every channel right after it was made.');
}
