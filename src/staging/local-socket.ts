import { request } from 'node:http';

export interface SocketAnswer {
  readonly status: number;
  readonly text: string;
}

/** One exchange with the appliance's command socket. */
export function askSocket(
  socketPath: string,
  method: string,
  path: string,
  body?: object,
): Promise<SocketAnswer> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' };
    const outgoing = request({ socketPath, method, path, headers }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, text }));
    });
    outgoing.on('error', reject);
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
