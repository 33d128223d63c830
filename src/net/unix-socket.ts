import { chmodSync } from 'node:fs';
import { lstat, rm } from 'node:fs/promises';
import { connect, type Server } from 'node:net';

/** Removes the socket file of a dead process. Throws EADDRINUSE when somebody answers there or the file is no socket. */
export async function acquireSocketPath(path: string): Promise<void> {
  const found = await lstat(path).catch(() => null);
  if (found === null) return;
  if (!found.isSocket() || (await answers(path))) {
    throw Object.assign(new Error(`${path} is in use`), { code: 'EADDRINUSE' });
  }
  await rm(path, { force: true });
}

/** Listens on the path so that at no moment anyone but the owner could connect. */
export function bindPrivately(server: Server, path: string): void {
  const before = process.umask(0o177);
  try {
    server.listen(path);
  } finally {
    process.umask(before);
  }
  server.once('listening', () => chmodSync(path, 0o600));
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    const end = (alive: boolean): void => {
      probe.destroy();
      resolve(alive);
    };
    probe.once('connect', () => end(true));
    probe.once('error', () => end(false));
  });
}
