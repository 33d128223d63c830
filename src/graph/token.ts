import {
  AuthError,
  ConfidentialClientApplication,
  type INetworkModule,
  type NetworkRequestOptions,
  type NetworkResponse,
  type NodeAuthOptions,
} from '@azure/msal-node';
import { AppError } from '../domain/app-error.ts';
import type { Clock } from '../domain/ports.ts';
import type { HttpClient, HttpResponse } from '../net/http-client.ts';
import { parseRetryAfter } from '../net/retry-after.ts';

const SCOPE = 'https://graph.microsoft.com/.default';
const WORLDWIDE_LOGIN = 'login.microsoftonline.com';

/** How the application proves itself: by a secret, or by the key of a certificate that is registered for it. */
export type ClientCredential =
  | { readonly kind: 'secret'; readonly secret: string }
  | {
      readonly kind: 'certificate';
      /** SHA-256 of the certificate, hexadecimal. */
      readonly thumbprintSha256: string;
      /** PKCS#8 PEM. */
      readonly keyPem: string;
      /** PEM, the application's own certificate first. */
      readonly chainPem: string;
    };

export interface TokenDeps {
  readonly http: HttpClient;
  readonly loginUrl: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly credential: ClientCredential;
  readonly clock: Clock;
}

/** The application's access token for Graph. Throws AppError (scope upstream): `GRAPH_CREDENTIAL_REFUSED` and its siblings. */
export interface TokenSource {
  /** From memory while it lives, otherwise from the login service; callers at the same time share one request. */
  current(): Promise<string>;
  /** A new one in place of a token that Graph refused; when another caller already got one, that one. */
  replace(refused: string): Promise<string>;
}

/** Client credentials by secret or certificate (reference: graph.md 8.3, 8.4). Nothing is kept on disk. */
export function openTokenSource(deps: TokenDeps): TokenSource {
  const network = new LoginNetwork(deps.http, deps.clock);
  let app = loginClient(deps, network);
  let latest: string | null = null;
  // The library presents a signed assertion again for ten minutes; a login that takes each only once would refuse the second
  // request within them. A fresh client signs a fresh one.
  const renew = (): void => {
    if (deps.credential.kind === 'certificate') app = loginClient(deps, network);
  };
  const acquire = async (skipCache: boolean): Promise<string> => {
    if (skipCache) renew();
    try {
      const result = await app.acquireTokenByClientCredential({ scopes: [SCOPE], skipCache });
      latest = result?.accessToken ?? null;
    } catch (thrown) {
      renew();
      throw network.takeFault() ?? loginError(thrown, deps.credential);
    }
    if (latest === null || latest === '') throw loginError(null, deps.credential);
    return latest;
  };
  const current = singleFlight(() => acquire(false));
  const fresh = singleFlight(() => acquire(true));
  return {
    current,
    replace: (refused) => (latest !== null && latest !== refused ? current() : fresh()),
  };
}

function loginClient(deps: TokenDeps, network: INetworkModule): ConfidentialClientApplication {
  return new ConfidentialClientApplication({
    auth: {
      clientId: deps.clientId,
      ...proofOf(deps.credential),
      authority: `${deps.loginUrl.replace(/\/+$/, '')}/${deps.tenantId}`,
      knownAuthorities: knownAuthorities(deps.loginUrl),
    },
    system: { networkClient: network, disableInternalRetries: true },
  });
}

function proofOf(credential: ClientCredential): Pick<NodeAuthOptions, 'clientSecret' | 'clientCertificate'> {
  if (credential.kind === 'secret') return { clientSecret: credential.secret };
  const { thumbprintSha256, keyPem: privateKey, chainPem: x5c } = credential;
  return { clientCertificate: { thumbprintSha256, privateKey, x5c } };
}

// The library knows the worldwide login by heart; only the one of a lab has to be named, or it would ask Microsoft about it.
function knownAuthorities(loginUrl: string): string[] {
  const { host } = new URL(loginUrl);
  return host === WORLDWIDE_LOGIN ? [] : [host];
}

function singleFlight<T>(call: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | null = null;
  return () => {
    running ??= call().finally(() => {
      running = null;
    });
    return running;
  };
}

/** The login library's way to the network: our client with its limits. */
class LoginNetwork implements INetworkModule {
  readonly #http: HttpClient;
  readonly #clock: Clock;
  #fault: AppError | null = null;

  constructor(http: HttpClient, clock: Clock) {
    this.#http = http;
    this.#clock = clock;
  }

  /** The library wraps what a call threw and loses it; here it is kept until asked for. */
  takeFault(): AppError | null {
    const fault = this.#fault;
    this.#fault = null;
    return fault;
  }

  sendGetRequestAsync<T>(url: string, options?: NetworkRequestOptions): Promise<NetworkResponse<T>> {
    return this.#send('GET', url, options);
  }

  sendPostRequestAsync<T>(url: string, options?: NetworkRequestOptions): Promise<NetworkResponse<T>> {
    return this.#send('POST', url, options);
  }

  async #send<T>(method: string, url: string, o?: NetworkRequestOptions): Promise<NetworkResponse<T>> {
    this.#fault = null;
    try {
      const body = o?.body === undefined ? {} : { body: o.body };
      const answer = await this.#http.request({ method, url, headers: o?.headers ?? {}, ...body });
      this.#refuseBusy(answer);
      const headers = Object.fromEntries(answer.headers);
      return { headers, body: jsonOr(answer.text) as T, status: answer.status };
    } catch (thrown) {
      if (thrown instanceof AppError) this.#fault = thrown;
      throw thrown;
    }
  }

  // The library would refuse all calls for a minute after one such answer; when to try again is for the queue to decide.
  #refuseBusy({ status, headers }: HttpResponse): void {
    if (status === 429 || status >= 500)
      throw unavailable(parseRetryAfter(headers.get('retry-after'), this.#clock.now()));
  }
}

/** A page of some proxy is no JSON; the library then sees an answer without a token. */
function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

const REFUSED = {
  invalid_client: ['GRAPH_CREDENTIAL_REFUSED', null],
  unauthorized_client: ['GRAPH_APPLICATION_UNKNOWN', 'check graph.client_id and the consent in this tenant'],
  invalid_request: ['GRAPH_TENANT_UNKNOWN', 'check graph.tenant_id'],
  invalid_tenant: ['GRAPH_TENANT_UNKNOWN', 'check graph.tenant_id'],
  invalid_scope: ['GRAPH_CONSENT_MISSING', 'grant the consent of the app registration again'],
  invalid_grant: ['GRAPH_SIGN_IN_BLOCKED', 'check the conditional access rules for this application'],
  access_denied: ['GRAPH_SIGN_IN_BLOCKED', 'check the conditional access rules for this application'],
} as const;

/** AADSTS7000222 among the refusals of a client: the one that only a new secret can end. */
const EXPIRED_SECRET = '7000222';

const CHECK_CREDENTIAL = {
  secret: 'check the secret in graph.client_secret_file and its end date',
  certificate:
    'check that the certificate in graph.client_certificate_file is registered for it and not past its end',
} as const;

/** The library's error carries the service's text, so it is no cause of ours; the AADSTS number is only a number. */
function loginError(thrown: unknown, credential: ClientCredential): AppError {
  const code = thrown instanceof AuthError ? thrown.errorCode : '';
  const known = Object.entries(REFUSED).find(([name]) => name === code)?.[1];
  if (known === undefined) return unavailable(null);
  const [usual, remedy] = known;
  const reason = errorNo(thrown) === EXPIRED_SECRET ? 'GRAPH_SECRET_EXPIRED' : usual;
  const check = remedy ?? CHECK_CREDENTIAL[credential.kind];
  return new AppError({
    code: 'forbidden',
    reason,
    message: `The Microsoft sign-in service refuses this application${numberOf(thrown)}: ${check}.`,
    scope: 'upstream',
    upstream: 'graph',
  });
}

function unavailable(retryAfterMs: number | null): AppError {
  return new AppError({
    code: 'unavailable',
    reason: 'GRAPH_LOGIN_UNAVAILABLE',
    message: 'The Microsoft sign-in service gives no token at the moment.',
    scope: 'upstream',
    upstream: 'graph',
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
  });
}

function numberOf(thrown: unknown): string {
  const number = errorNo(thrown);
  return /^\d{4,8}$/.test(number) ? ` (AADSTS${number})` : '';
}

function errorNo(thrown: unknown): string {
  return thrown instanceof Error && 'errorNo' in thrown ? String(thrown.errorNo) : '';
}
