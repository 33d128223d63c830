import type { NewJob } from '../domain/job.ts';
import type { Writer } from '../domain/store-port.ts';
import { allOf, type Closing } from './closing.ts';
import { limitsOver } from './meeting-limit.ts';
import { retention } from './retention.ts';
import type { SyncDeps } from './sync-deps.ts';
import { tellHead } from './tell-head.ts';
import { watchCredential } from './watch-credential.ts';
import { watchToken } from './watch-token.ts';

const EVERY_MS = 60 * 60_000;
/** While there is more to tidy up than one slice holds; the work of the hour must not wait behind it. */
const SOON_MS = 250;

/**
 * The hourly round: meetings that left the window are withdrawn, rows past their retention go, ends of life are noticed. What was
 * deleted is then wiped out of the write-ahead log too.
 */
export async function prune(deps: SyncDeps): Promise<Closing> {
  const now = deps.clock.now();
  const old = retention(deps, now);
  const all = allOf([
    ...old.closings,
    watchCredential(deps, now),
    watchToken(deps, now),
    limitsOver(deps),
    await tellHead(deps),
  ]);
  let more = old.more;
  const write = (w: Writer): void => {
    all.write(w);
    old.count(w);
    more = w.prune(now) || old.more;
    w.enqueue(pruneJob(now + (more ? SOON_MS : EVERY_MS)), now);
  };
  const told = (): void => {
    all.told();
    if (!more) deps.store.scrub();
  };
  return { write, told };
}

export function pruneJob(runAt: number): NewJob {
  return { kind: 'prune', key: '', mailboxId: null, eventId: null, runAt, merge: 'earliest' };
}
