import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { folder, opened } from '../store/store-rig.ts';

const SECRET = 'a random client state';
const ITEM = {
  subscriptionId: 'sub-1',
  clientState: SECRET,
  changeType: 'updated',
  resource: 'Users/guid/Events/AAMk-1=',
  resourceData: { '@odata.etag': 'W/"x"', id: 'AAMk-1=' },
};

/** A public listener over a real store, which kills itself before or behind the commit of a hint, or never. */
const LISTENER = `
  import { listen } from './src/net/listen.ts';
  import { realClock } from './src/ops/clock.ts';
  import { systemRandom } from './src/ops/random.ts';
  import { openStore } from './src/store/open.ts';
  import { acceptHints } from './src/sync/intake.ts';
  import { publicApp } from './src/web/public-listener.ts';
  const [dataDir, dies] = process.argv.slice(1);
  const clock = realClock();
  const store = openStore({ dataDir, clock, random: systemRandom() });
  const deps = { store, clock, wake: () => undefined, settings: { settleMs: 0, settleMaxMs: 0 } };
  const die = () => process.kill(process.pid, 'SIGKILL');
  const app = publicApp({
    tenantId: '',
    clock,
    subscription: (id) => store.read((r) => r.subscription(id)),
    accept: async (hints) => {
      if (dies === 'before') setImmediate(die);
      const durable = acceptHints(deps, hints);
      if (dies === 'before') await new Promise(() => undefined);
      await durable;
      if (dies === 'behind') die();
    },
    acceptLifecycle: async () => undefined,
    count: () => undefined,
    answered: () => undefined,
  });
  const { url } = await listen({ fetch: (r) => app.fetch(r), host: '127.0.0.1', port: 0, tls: null });
  process.stdout.write(url + '\\n');
`;

test('what is committed and not answered comes again and is known; what is not committed is never answered (promise 3)', async (t) => {
  const dataDir = folder(t);
  const store = opened(t, dataDir);
  store.write((w) => {
    const hash = Buffer.alloc(32);
    const sealed = { addressSealed: hash, addressHash: hash, addressKey: 'd' };
    const { id } = w.addMailbox({ kind: 'person', ...sealed }, 0);
    const clientStateHash = createHash('sha256').update(SECRET).digest();
    w.putSubscription({
      id: 'sub-1',
      mailboxId: id,
      clientStateHash,
      notificationUrl: '',
      expiresAt: 0,
      createdAt: 0,
    });
  });
  store.close();
  assert.equal(await statusOf(dataDir, 'before'), null);
  assert.deepEqual(kept(dataDir), { hints: 0, jobs: 0 });
  assert.equal(await statusOf(dataDir, 'behind'), null);
  assert.deepEqual(kept(dataDir), { hints: 1, jobs: 1 });
  assert.equal(await statusOf(dataDir, 'never'), 202);
  assert.deepEqual(kept(dataDir), { hints: 1, jobs: 1 });

  function kept(directory: string): { hints: number; jobs: number } {
    const again = opened(t, directory);
    const jobs = again.read((r) => r.jobCounts()).reduce((sum, { waiting }) => sum + waiting, 0);
    const hints = again.read((r) => r.inboxCount());
    again.close();
    return { hints, jobs };
  }
});

/** How the listener answers the notification; null when it died instead. */
async function statusOf(dataDir: string, dies: 'before' | 'behind' | 'never'): Promise<number | null> {
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', LISTENER, dataDir, dies], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  try {
    const answer = await fetch(`${await firstLine(child)}/graph/notifications`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ value: [ITEM] }),
    }).catch(() => null);
    return answer?.status ?? null;
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}

async function firstLine(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout ?? process.stdin })) return line;
  throw new Error('the listener did not start');
}
