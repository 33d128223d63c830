import { HttpClient, type HttpRequest, type HttpResponse } from '../../src/net/http-client.ts';

/** One call of the appliance to Graph, as it went out. */
export interface Asked {
  readonly method: string;
  /** Below the origin, with the query. */
  readonly path: string;
}

/** The way to login and Graph, with a record of what went out. */
export class RecordingClient extends HttpClient {
  readonly asked: Asked[] = [];
  /** How often a token was asked for. */
  logins = 0;
  /** Called at each good answer of Graph. */
  readonly #served: () => void;

  constructor(origin: string, caPem: string, served: () => void) {
    super({ upstream: 'graph', allowedOrigins: [origin], caPem });
    this.#served = served;
  }

  override async request(r: HttpRequest): Promise<HttpResponse> {
    const { pathname, search } = new URL(r.url);
    const isGraph = pathname.startsWith('/v1.0/');
    if (isGraph) this.asked.push({ method: r.method, path: pathname + search });
    else if (pathname.endsWith('/token')) this.logins += 1;
    const answer = await super.request(r);
    if (isGraph && answer.status < 300) this.#served();
    return answer;
  }
}
