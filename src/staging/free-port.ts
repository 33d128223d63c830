import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

// Below the range from which systems take the ports of outgoing connections: a child that is started again must find its port free.
const LOWEST = 20_000;
const HIGHEST = 32_000;
const TRIES = 100;

/** The wanted port when it is free, any free one for 0. Rejects with a sentence when it is taken. */
export async function freePort(wanted: number, option: string): Promise<number> {
  if (!Number.isInteger(wanted) || wanted < 0 || wanted > 65_535)
    throw new Error(`${option} wants a port from 0 to 65535; 0 takes any free one.`);
  for (let n = 0; wanted === 0 && n < TRIES; n += 1) {
    const port = randomInt(LOWEST, HIGHEST);
    if (await isFree(port)) return port;
  }
  if (wanted !== 0 && (await isFree(wanted))) return wanted;
  throw new Error(
    `port ${wanted} is in use: choose another with ${option} PORT, or any free one with ${option} 0.`,
  );
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
