import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contest } from './contest.ts';
import type { IntakeServing } from './intake-server.ts';
import { Posters } from './keep-alive-post.ts';
import type { Figures, Measure } from './measure.ts';
import { quantile } from './quantile.ts';

const CONNECTIONS = 64;
const OFFERED_PER_SECOND = 1_000;

/** Durable answers to Graph against answers that store nothing; each request carries one notification, the worst case. */
export const intake: Measure = {
  name: 'intake',
  async run({ quick }) {
    const dataDir = mkdtempSync(join(tmpdir(), 'hybrid-calendar-bench-'));
    const server = fork(join(import.meta.dirname, 'intake-server.ts'), [dataDir]);
    try {
      const [serving] = (await once(server, 'message')) as [IntakeServing];
      return await measured(serving, quick);
    } finally {
      await ended(server);
      rmSync(dataDir, { recursive: true, force: true });
    }
  },
};

async function measured(serving: IntakeServing, quick: boolean): Promise<Figures> {
  const body = notificationBodies(serving);
  const durable = await Posters.open(serving.durablePort, CONNECTIONS, body);
  const idle = await Posters.open(serving.idlePort, CONNECTIONS, body);
  const race = await contest(
    (ms) => durable.flood(ms),
    (ms) => idle.flood(ms),
    { rounds: quick ? 5 : 9, roundMs: quick ? 700 : 2_000 },
  );
  const seconds = quick ? 5 : 20;
  const offered = await durable.offer(OFFERED_PER_SECOND, seconds);
  durable.close();
  idle.close();
  if (offered.refused > 0) throw new Error(`${offered.refused} notifications were not accepted`);
  return {
    'intake.ratio_vs_no_store': race.ratio,
    'intake.per_second': race.ours,
    'intake.no_store_per_second': race.theirs,
    'intake.p50_ms': quantile(offered.latencies, 0.5),
    'intake.p99_ms': quantile(offered.latencies, 0.99),
    'intake.offered_per_second': OFFERED_PER_SECOND,
    'intake.seconds': seconds,
    'intake.connections': CONNECTIONS,
  };
}

/** Each one about another event, as Graph sends them (reference: graph.md 2.4). */
function notificationBodies({ subscriptionIds, tenantId, clientState }: IntakeServing): () => string {
  let count = 0;
  return () => {
    count += 1;
    const id = `AAMk${randomBytes(8).toString('hex')}${String(count).padStart(92, 'A')}`;
    const resource = `Users/${tenantId}/Events/${id}`;
    const item = {
      subscriptionId: subscriptionIds[count % subscriptionIds.length],
      subscriptionExpirationDateTime: '2026-12-01T00:00:00.0000000Z',
      changeType: 'updated',
      resource,
      resourceData: {
        '@odata.type': '#Microsoft.Graph.Event',
        '@odata.id': resource,
        '@odata.etag': `W/"${count}"`,
        id,
      },
      clientState,
      tenantId,
    };
    return JSON.stringify({ value: [item] });
  };
}

async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  const exit = once(server, 'exit');
  if (server.connected) server.disconnect();
  await exit;
}
