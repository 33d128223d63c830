import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { openKeyService } from '../../src/kms/key-service.ts';
import { HttpClient } from '../../src/net/http-client.ts';
import { realClock } from '../../src/ops/clock.ts';
import { openEnvelope, sealEnvelope } from '../../src/seal/envelope.ts';
import { openField, sealField } from '../../src/seal/jwe.ts';
import { keyedHash } from '../../src/seal/keyed-hash.ts';
import { sodiumReady } from '../../src/seal/sodium.ts';

/** What the process that looks into this one's memory tells it. */
export interface KeyOrder {
  readonly url: string;
  readonly rootsPem: string;
  readonly uris: readonly string[];
}

const ROUNDS = 20;
const PLACE = { purpose: 'meeting', tenant: 't', mailbox: '1', event: 'e', version: 1 } as const;

/** Everything that is done with a key. */
function workWith(uri: string, key: Uint8Array): void {
  const binding = { kid: uri, ctx: '' };
  const envelope = sealEnvelope(key, uri, PLACE, Buffer.from('x'), randomBytes(24));
  openEnvelope(key, uri, PLACE, envelope);
  keyedHash(key, 'address', 'x');
  openField(key, sealField('A256GCM', key, 'x', randomBytes(12), binding), binding);
  openField(key, sealField('XC20P', key, 'x', randomBytes(24), binding), binding);
}

// A process of its own: gets keys, works with them, and lets go of them, saying when.
await sodiumReady();
const ordered = once(process, 'message');
process.send?.('ready');
const [order]: KeyOrder[] = await ordered;
if (order === undefined) throw new Error('nothing was ordered');
const http = new HttpClient({ upstream: 'kms', allowedOrigins: [order.url] });
const keys = openKeyService({
  http,
  url: order.url,
  userId: randomUUID(),
  token: () => 'token',
  clientId: () => 'client',
  rootsPem: order.rootsPem,
  eventStream: { deviceUrl: null, onKmsMessages: () => undefined },
  clock: realClock(),
  random: { bytes: (length) => randomBytes(length), unit: () => 0, uuid: () => randomUUID() },
  maxOfflineMs: 60_000,
  revalidateMs: 60_000,
  answered: () => undefined,
});
for (let round = 0; round < ROUNDS; round += 1)
  for (const uri of order.uris) await keys.withKey(uri, (key) => workWith(uri, key));
const told = once(process, 'message');
process.send?.('held');
await told;
keys.close();
await http.close();
const ended = once(process, 'message');
process.send?.('closed');
await ended;
process.disconnect?.();
