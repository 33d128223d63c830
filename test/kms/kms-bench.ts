import { randomBytes, randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import { type OpenKeyService, openKeyService } from '../../src/kms/key-service.ts';
import type { KmsTiming } from '../../src/kms/kms-session.ts';
import { HttpClient } from '../../src/net/http-client.ts';
import { SmallKms } from './small-kms.ts';

export const MINUTE_MS = 60_000;

/** The proportions of the real timing, so much faster. */
export function timingOf(firstTimeoutMs: number): KmsTiming {
  return {
    batchWindowMs: 5,
    firstTimeoutMs,
    newChannelMs: 4 * firstTimeoutMs,
    giveUpMs: 7 * firstTimeoutMs,
  };
}

/** Our client before a small KMS, under a clock that stands still until it is moved. */
export interface Bench {
  readonly kms: SmallKms;
  readonly keys: OpenKeyService;
  readonly answered: () => number;
  pass(ms: number): void;
  push(messages: readonly string[]): void;
}

export async function bench(
  t: TestContext,
  o: {
    readonly device?: string;
    readonly firstTimeoutMs?: number;
    readonly kms?: SmallKms;
    readonly timing?: Partial<KmsTiming>;
  } = {},
): Promise<Bench> {
  const kms = o.kms ?? (await new SmallKms().start());
  const http = new HttpClient({ upstream: 'kms', allowedOrigins: [kms.url] });
  const began = Date.now();
  let passed = 0;
  let answers = 0;
  let listener: (messages: readonly string[]) => void = () => undefined;
  const keys = openKeyService({
    http,
    url: kms.url,
    userId: randomUUID(),
    token: () => 'token',
    clientId: () => 'client',
    rootsPem: kms.rootsPem,
    eventStream: {
      deviceUrl: o.device ?? null,
      onKmsMessages: (one) => {
        listener = one;
      },
    },
    clock: { now: () => began + passed, monotonicMs: () => passed, sleep: async () => undefined },
    random: { bytes: (length) => randomBytes(length), unit: () => 0, uuid: () => randomUUID() },
    maxOfflineMs: 60 * MINUTE_MS,
    revalidateMs: 10 * MINUTE_MS,
    answered: () => {
      answers += 1;
    },
    timing: { ...timingOf(o.firstTimeoutMs ?? 2_000), ...o.timing },
  });
  if (o.device !== undefined) kms.stream = (messages) => listener(messages);
  t.after(async () => {
    keys.close();
    kms.stop();
    await http.close();
  });
  return {
    kms,
    keys,
    answered: () => answers,
    pass: (ms) => {
      passed += ms;
    },
    push: (messages) => listener(messages),
  };
}
