import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { HttpClient } from '../../src/net/http-client.ts';
import { realClock } from '../../src/ops/clock.ts';
import { systemRandom } from '../../src/ops/random.ts';
import type { WebexRestDeps } from '../../src/webex/rest.ts';
import { makeTestTls } from '../net/test-certificate.ts';

export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
}

export interface WebexRig extends AsyncDisposable {
  readonly origin: string;
  readonly caPem: string;
  readonly server: Server;
  readonly asked: Asked[];
  readonly rest: WebexRestDeps;
  answer: (asked: Asked) => Answer;
}

/** A hand-written Webex on a real HTTPS socket. */
export async function makeWebexRig(answer: (asked: Asked) => Answer): Promise<WebexRig> {
  const tls = await makeTestTls();
  const server = createServer({ cert: tls.certPem, key: tls.keyPem }, async (request, response) => {
    const body = await Array.fromAsync(request).then((chunks) => Buffer.concat(chunks).toString());
    const asked = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body };
    rig.asked.push(asked);
    const { status = 200, headers = {}, json } = rig.answer(asked);
    response.writeHead(status, headers);
    response.end(json === undefined ? '' : JSON.stringify(json));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const http = new HttpClient({ upstream: 'webex', allowedOrigins: [origin], caPem: tls.caPem });
  const rig: WebexRig = {
    origin,
    caPem: tls.caPem,
    server,
    asked: [],
    rest: { http, token: () => 'the-token', clock: realClock(), random: systemRandom() },
    answer,
    [Symbol.asyncDispose]: async () => {
      await http.close();
      server.close();
      server.closeAllConnections();
    },
  };
  return rig;
}

/** A public id as Webex writes them. */
export function publicId(kind: string, uuid: string): string {
  return Buffer.from(`ciscospark://us/${kind}/${uuid}`).toString('base64url');
}
