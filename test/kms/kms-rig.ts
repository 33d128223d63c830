import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { after, type TestContext } from 'node:test';
import { AppError } from '../../src/domain/app-error.ts';
import { type OpenKeyService, openKeyService } from '../../src/kms/key-service.ts';
import { HttpClient } from '../../src/net/http-client.ts';
import { realClock } from '../../src/ops/clock.ts';
import type { KmsFault } from '../../src/staging/cloud/kms/kms-faults.ts';
import { kmsRootPem } from '../../src/staging/cloud/kms/kms-identity.ts';
import { openEventStream } from '../../src/webex/event-stream.ts';
import { RunningCloud } from '../staging/running-cloud.ts';
import { timingOf } from './kms-bench.ts';

const HOUR_MS = 3_600_000;
const RANDOM = { bytes: (length: number) => randomBytes(length), unit: () => 0, uuid: () => randomUUID() };

export const text = (key: Uint8Array): string => Buffer.from(key).toString('base64url');

/** The appliance's client of the KMS, at work with the simulated one over HTTPS, and over a WebSocket when `stream` is asked for. */
export interface KmsRig {
  readonly cloud: RunningCloud;
  readonly keys: OpenKeyService;
  /** Messages that came over the event WebSocket, one list per frame. */
  readonly frames: (readonly string[])[];
  /** Resolves with the next frame of KMS messages. */
  nextFrame(): Promise<void>;
  fault(kind: KmsFault['kind'], times?: number): Promise<void>;
  /** Whether everything that was ordered so many times has happened. */
  spent(): boolean;
  /** Moves both clocks. */
  pass(ms: number): Promise<void>;
  /** A key of the account, made and bound by nobody but this client. */
  newKey(): Promise<string>;
  /** Channels that this client has at the KMS. */
  channels(): number;
  readonly reader: string;
}

// Making a cloud takes longer than most tests: those of a file share one, each with its own client.
let shared: Promise<RunningCloud> | undefined;
after(async () => (await shared)?.stop());

export async function kmsRig(
  t: TestContext,
  o: { readonly stream?: boolean; readonly firstTimeoutMs?: number } = {},
): Promise<KmsRig> {
  shared ??= RunningCloud.start();
  const cloud = await shared;
  const { baseUrl, caPem, directory } = cloud.context;
  const [account, reader] = directory.people;
  assert.ok(account && reader);
  const real = realClock();
  const cloudNow = (): number => cloud.context.clock.now();
  const clock = { now: cloudNow, monotonicMs: cloudNow, sleep: real.sleep };
  const http = new HttpClient({ upstream: 'kms', allowedOrigins: [baseUrl], caPem });
  const stream = openEventStream({
    http,
    wdmUrl: o.stream === true ? `${baseUrl}/wdm/api/v1` : null,
    token: () => account.webexToken,
    clock: real,
    random: RANDOM,
    caPem,
    allowedOrigins: [baseUrl, baseUrl.replace('https', 'wss')],
  });
  const frames: (readonly string[])[] = [];
  let arrived = Promise.withResolvers<void>();
  const firstTimeoutMs = o.firstTimeoutMs ?? 5_000;
  const name = randomUUID();
  const clientId = (): string => stream.deviceUrl ?? name;
  const keys = openKeyService({
    http,
    url: baseUrl,
    userId: account.webexUserId,
    token: () => account.webexToken,
    clientId,
    rootsPem: kmsRootPem(cloud.context),
    eventStream: stream,
    clock,
    random: RANDOM,
    maxOfflineMs: 24 * HOUR_MS,
    revalidateMs: HOUR_MS,
    answered: () => undefined,
    timing: timingOf(firstTimeoutMs),
  });
  stream.onKmsMessages((messages) => {
    frames.push(messages);
    arrived.resolve();
    arrived = Promise.withResolvers();
  });
  await stream.start();
  const order = async (body: KmsFault): Promise<void> => {
    assert.equal((await cloud.call('POST', '/control/kms/fault', { body })).status, 200);
  };
  const channels = (): number =>
    cloud.context.disk
      .table<{ clientId: string }>('kms-channels')
      .all()
      .filter((one) => one.clientId === clientId()).length;
  await order({ kind: 'none' });
  t.after(async () => {
    keys.close();
    await stream.close();
    await http.close();
  });
  return {
    cloud,
    keys,
    frames,
    reader: reader.webexUserId,
    nextFrame: () => arrived.promise,
    fault: (kind, times) => order(times === undefined ? { kind } : { kind, times }),
    spent: () => cloud.context.disk.table<KmsFault>('kms-fault').get('fault')?.kind === 'none',
    pass: async (jumpMs) => {
      await cloud.call('POST', '/control/clock', { body: { jumpMs } });
    },
    newKey: async () => (await keys.issue([[reader.webexUserId]]))[0]?.uri ?? '',
    channels,
  };
}

/** For `assert.rejects`: an AppError of the KMS with exactly this code, reason and scope. */
export function fault(code: string, reason: string, scope = 'upstream'): (thrown: unknown) => boolean {
  return (thrown) => {
    assert.ok(thrown instanceof AppError, String(thrown));
    const { code: c, reason: r, scope: s, upstream } = thrown;
    assert.deepEqual([c, r, s, upstream], [code, reason, scope, 'kms']);
    return true;
  };
}
