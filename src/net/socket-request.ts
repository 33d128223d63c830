import { request } from 'node:http';

export interface SocketAnswer {
  readonly status: number;
  readonly text: string;
}

const TIMEOUT_MS = 120_000;

/** One HTTP exchange over a unix socket of this machine. Rejects with Node's own error (ENOENT, ECONNREFUSED, EACCES). */
export function requestSocket(
  socketPath: string,
  method: string,
  path: string,
  body?: object,
): Promise<SocketAnswer> {
  const payload = body === undefined ? '' : JSON.stringify(body);
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) };
  return new Promise((resolve, reject) => {
    const outgoing = request({ socketPath, method, path, headers, timeout: TIMEOUT_MS }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () =>
        resolve({ status: incoming.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    outgoing.on('timeout', () =>
      outgoing.destroy(new Error('the appliance did not answer on its command socket')),
    );
    outgoing.on('error', reject);
    outgoing.end(payload);
  });
}
