import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { TokenKeeper } from '../domain/ports.ts';
import type { Secret } from './secrets.ts';

const NAME = 'webex-token.json';
const KEPT = z.object({
  authorisation: z.string(),
  accessToken: z.string().min(1),
  refreshToken: z.string().min(1),
  issuedAt: z.number(),
  accessEndsAt: z.number(),
  refreshEndsAt: z.number().nullable(),
});

/**
 * The tokens that Webex gave since the administrator's own, in a file of the data directory that only this user can read. With
 * another refresh token from the administrator it counts as nothing kept, and so does a file that can't be read as one.
 */
export function tokenFile(dataDir: string, given: Secret): TokenKeeper {
  const file = join(dataDir, NAME);
  const authorisation = createHash('sha256').update(given.reveal()).digest('hex');
  return {
    load: () => {
      const kept = KEPT.safeParse(contentOf(file)).data;
      if (kept === undefined || kept.authorisation !== authorisation) return null;
      const { authorisation: _known, ...pair } = kept;
      return pair;
    },
    save: (pair) => replace(file, JSON.stringify({ authorisation, ...pair })),
  };
}

function contentOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/** The old content or the new one is there at any instant, whatever happens to the machine. */
function replace(file: string, text: string): void {
  const fresh = `${file}.new`;
  onDisk(fresh, 'w', (descriptor) => writeSync(descriptor, text));
  renameSync(fresh, file);
  if (process.platform !== 'win32') onDisk(dirname(file), 'r', () => undefined);
}

function onDisk(path: string, flags: 'r' | 'w', work: (descriptor: number) => void): void {
  const descriptor = openSync(path, flags, 0o600);
  try {
    work(descriptor);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
