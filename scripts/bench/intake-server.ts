/**
 * The process that intake is measured on: the real public listener over the real store, and beside it the same listener that
 * stores nothing. Started by intake.ts with the data directory; tells the ports and what a notification has to carry.
 */
import { createHash, randomUUID } from 'node:crypto';
import type { SubscriptionRow } from '../../src/domain/rows.ts';
import type { Store } from '../../src/domain/store-port.ts';
import { listen } from '../../src/net/listen.ts';
import { realClock } from '../../src/ops/clock.ts';
import { systemRandom } from '../../src/ops/random.ts';
import { openStore } from '../../src/store/open.ts';
import { acceptHints } from '../../src/sync/intake.ts';
import { type PublicDeps, publicApp } from '../../src/web/public-listener.ts';

export interface IntakeServing {
  readonly durablePort: number;
  readonly idlePort: number;
  readonly tenantId: string;
  readonly clientState: string;
  readonly subscriptionIds: readonly string[];
}

const MAILBOXES = 200;
const YEAR_MS = 365 * 86_400_000;
const clock = realClock();
const random = systemRandom();
const tenantId = randomUUID();
const clientState = randomUUID();
const store = openStore({ dataDir: process.argv[2] ?? '', clock, random });
const rows = subscribed(store);

const durable: PublicDeps = {
  tenantId,
  subscription: (id) => store.read((r) => r.subscription(id)),
  accept: (hints) =>
    acceptHints(
      { store, clock, settings: { settleMs: 0, settleMaxMs: 60_000 }, wake: () => undefined },
      hints,
    ),
  acceptLifecycle: async () => undefined,
  count: () => undefined,
  clock,
  answered: () => undefined,
};
const known = new Map(rows.map((row) => [row.id, row]));
const idle: PublicDeps = {
  ...durable,
  subscription: (id) => known.get(id) ?? null,
  accept: async () => undefined,
};
const listeners = await Promise.all([durable, idle].map(serve));
const [durablePort = 0, idlePort = 0] = listeners.map((one) => one.port);
const serving: IntakeServing = {
  durablePort,
  idlePort,
  tenantId,
  clientState,
  subscriptionIds: rows.map((row) => row.id),
};
process.send?.(serving);
process.once('disconnect', () => {
  void Promise.all(listeners.map((one) => one.close())).then(() => store.close());
});

function serve(deps: PublicDeps) {
  const app = publicApp(deps);
  return listen({ fetch: (request) => app.fetch(request), host: '127.0.0.1', port: 0, tls: null });
}

function subscribed(into: Store): SubscriptionRow[] {
  const now = clock.now();
  return into.write((w) =>
    Array.from({ length: MAILBOXES }, (_, n) => {
      const sealed = {
        addressSealed: random.bytes(60),
        addressHash: random.bytes(32),
        addressKey: 'kms://d',
      };
      const row: SubscriptionRow = {
        id: randomUUID(),
        mailboxId: w.addMailbox({ kind: 'person', ...sealed }, now + n).id,
        clientStateHash: createHash('sha256').update(clientState).digest(),
        notificationUrl: 'https://appliance.example/graph/notifications',
        expiresAt: now + YEAR_MS,
        createdAt: now,
      };
      w.putSubscription(row);
      return row;
    }),
  );
}
