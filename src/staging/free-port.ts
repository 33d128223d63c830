import { once } from 'node:events';
import { createServer } from 'node:net';

/** The wanted port when it is free, any free one for 0. Rejects with a sentence when it is taken. */
export async function freePort(wanted: number, option: string): Promise<number> {
  const server = createServer();
  server.listen(wanted, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    throw new Error(
      `port ${wanted} is in use: choose another with ${option} PORT, or any free one with ${option} 0.`,
    );
  }
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : wanted;
}
