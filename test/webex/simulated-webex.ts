import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../src/domain/ports.ts';
import { HttpClient } from '../../src/net/http-client.ts';
import { realClock } from '../../src/ops/clock.ts';
import { systemRandom } from '../../src/ops/random.ts';
import type { WebexApiDeps } from '../../src/webex/rest.ts';
import { webexContract } from '../contract.ts';
import { RunningCloud } from '../staging/running-cloud.ts';

/** One request that reached the simulated Webex. */
export interface Wired {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** The simulated Webex with the adapters' own way to it: their HTTP client, and the cloud's clock. */
export class SimulatedWebex implements AsyncDisposable {
  readonly cloud: RunningCloud;
  readonly deps: WebexApiDeps;
  readonly #http: HttpClient;

  private constructor(cloud: RunningCloud) {
    const { baseUrl, caPem, directory } = cloud.context;
    this.cloud = cloud;
    this.#http = new HttpClient({ upstream: 'webex', allowedOrigins: [baseUrl], caPem });
    const clock: Clock = { ...realClock(), now: () => cloud.context.clock.now() };
    const token = (): string => directory.serviceApp.token;
    this.deps = { http: this.#http, token, clock, random: systemRandom(), apiUrl: `${baseUrl}/v1` };
  }

  static async start(): Promise<SimulatedWebex> {
    return new SimulatedWebex(await RunningCloud.start());
  }

  /** What the control API tells or is told. */
  // biome-ignore lint/suspicious/noExplicitAny: foreign JSON in tests
  async control(method: string, path: string, body?: object): Promise<any> {
    const call = body === undefined ? {} : { body };
    return (await this.cloud.call(method, `/control/webex/${path}`, call)).json;
  }

  async fault(method: string, path: string, more: object): Promise<void> {
    await this.control('POST', 'faults', { method, path: `/v1${path}`, ...more });
  }

  /** All requests so far, the oldest first. */
  requests(): Wired[] {
    const text = readFileSync(join(this.cloud.directory, 'webex-wire.jsonl'), 'utf8');
    return text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  }

  /** What is wrong with the requests by Webex' own description; null where that is not at hand. */
  flaws(): string[] | null {
    const contract = webexContract();
    if (contract === null) return null;
    return this.requests().flatMap(({ method, path, body }) => {
      const { pathname, searchParams } = new URL(path, 'https://webex.invalid');
      const operation = `${method} ${pathname
        .replace(/^\/v1/, '')
        .replace(/^\/meetings\/.+$/, '/meetings/{meetingId}')
        .replace(/^\/meetingInvitees\/(?!bulkInsert$).+$/, '/meetingInvitees/{meetingInviteeId}')
        .replace(/^\/rooms\/.+$/, '/rooms/{roomId}')}`;
      // A recurrence is taken away by null; the description tells it in words only.
      const sent = body === '' ? undefined : withoutNull(JSON.parse(body));
      if (pathname.startsWith('/v1/meetingInvitees'))
        return inviteeFlaws(operation, sent, [...searchParams.keys()]);
      return contract.validateRequest(operation, sent, [...searchParams.keys()]);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#http.close();
    await this.cloud.stop();
  }
}

/** The description at hand lacks the calls about invitees; these are the members that they have, `start` by the Link header. */
const OF_INVITEES: Readonly<Record<string, { readonly query: string[]; readonly body: string[] }>> = {
  'GET /meetingInvitees': { query: ['meetingId', 'max', 'hostEmail', 'panelist', 'start'], body: [] },
  'POST /meetingInvitees/bulkInsert': { query: [], body: ['meetingId', 'hostEmail', 'items'] },
  'DELETE /meetingInvitees/{meetingInviteeId}': { query: ['hostEmail', 'sendEmail'], body: [] },
};
const OF_INVITEE = ['email', 'displayName', 'coHost', 'sendEmail', 'panelist'];

function inviteeFlaws(operation: string, body: object | undefined, query: readonly string[]): string[] {
  const known = OF_INVITEES[operation];
  if (known === undefined) return [`there is no ${operation}`];
  const items: object[] = Reflect.get(body ?? {}, 'items') ?? [];
  const named = [...Object.keys(body ?? {}), ...query];
  const unknown = named.filter((name) => ![...known.body, ...known.query].includes(name));
  return [
    ...unknown,
    ...items.flatMap((item) => Object.keys(item).filter((name) => !OF_INVITEE.includes(name))),
  ];
}

function withoutNull(body: object): object {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
}
