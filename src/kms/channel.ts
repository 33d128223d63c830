import {
  createPublicKey,
  createSecretKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';
import { z } from 'zod';
import { type StaticKey, verifyStaticKey } from './certificate-chain.ts';
import type { OpenedAnswer } from './exchange.ts';
import { malformedAnswer, refusalOf, tamperedAnswer } from './kms-fault.ts';
import { callKms, type KmsHttpDeps } from './kms-http.ts';
import { type ChannelKey, isSigned, type KmsAnswer, namedKey, openSealed, openSigned } from './message.ts';

const KEY_BYTES = 32;
const EXPIRY_MARGIN_MS = 30_000;
const ABOUT = z.looseObject({
  kmsCluster: z.string().startsWith('kms://'),
  rsaPublicKey: z.union([z.string(), z.looseObject({})]),
});
const HANDSHAKE = z.looseObject({
  key: z.looseObject({
    uri: z.string().min(1),
    jwk: z.looseObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: z.string(), y: z.string() }),
    userId: z.string().optional(),
    expirationDate: z.string().optional(),
  }),
});
/** When the KMS tells no end, an hour, as the protocol's draft has it. */
const DEFAULT_LIFE_MS = 3_600_000;

/** A KMS whose static key is verified. */
export interface Cluster {
  readonly uri: string;
  readonly staticKey: StaticKey;
}

export interface Channel extends ChannelKey {
  readonly cluster: Cluster;
  /** Epoch milliseconds from which on it must not be used. */
  readonly usableUntil: number;
}

export interface ChannelDeps extends KmsHttpDeps {
  readonly userId: string;
  readonly rootsPem: string;
  /** Carries the handshake's request, of which the members besides `client` are given. */
  greet(cluster: Cluster, request: object): Promise<OpenedAnswer>;
}

/** The channel's 32 bytes from the agreed x-coordinate (reference: webex.md 2.4). */
export function expandSecret(shared: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', shared, new Uint8Array(), new Uint8Array(), KEY_BYTES));
}

/** An immutable key: a request still being sealed when the channel is dropped must never meet zeroed bytes. */
function agreedKey(privateKey: KeyObject, publicKey: KeyObject): KeyObject {
  const shared = diffieHellman({ privateKey, publicKey });
  const bytes = expandSecret(shared);
  try {
    return createSecretKey(bytes);
  } finally {
    shared.fill(0);
    bytes.fill(0);
  }
}

/** Keeps one channel to the KMS open; whoever asks while it is being made shares the handshake. */
export class ChannelKeeper {
  readonly #deps: ChannelDeps;
  #cluster: Cluster | null = null;
  #channel: Channel | null = null;
  /** Replaced for its age, good for the answers that were on their way. */
  #former: Channel | null = null;
  #making: Promise<Channel> | null = null;

  constructor(deps: ChannelDeps) {
    this.#deps = deps;
  }

  /** Throws AppError: what callKms throws, KMS_CERTIFICATE_…, KMS_REFUSED, KMS_ANSWER_TAMPERED, KMS_ANSWER_MALFORMED. */
  async current(): Promise<Channel> {
    const channel = this.#channel;
    if (channel !== null && this.#deps.clock.now() < channel.usableUntil) return channel;
    this.#making ??= this.#make().finally(() => {
      this.#making = null;
    });
    return await this.#making;
  }

  /** Forgets the channel, or the one that is just being replaced, and returns it; with an argument only when it is still that one. */
  drop(only?: Channel): Channel | null {
    if (only !== undefined && only !== this.#channel) return null;
    const dropped = this.#channel ?? this.#former;
    this.#channel = null;
    this.#former = null;
    return dropped;
  }

  /** Opens an answer with the channel's or the static key; null when it is for another channel. */
  async open(compact: string): Promise<OpenedAnswer | null> {
    if (isSigned(compact)) {
      const cluster = this.#cluster;
      return cluster === null ? null : { signed: true, answer: await openSigned(compact, cluster.staticKey) };
    }
    const kid = namedKey(compact);
    const channel = [this.#channel, this.#former].find((one) => one !== null && one.uri === kid) ?? null;
    if (channel === null) return null;
    return { signed: false, answer: await openSealed(compact, channel) };
  }

  async #make(): Promise<Channel> {
    this.#former = this.#channel;
    this.#channel = null;
    const cluster = await this.#verifiedCluster();
    this.#cluster = cluster;
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const jwk = pair.publicKey.export({ format: 'jwk' });
    const request = { method: 'create', uri: `${cluster.uri}/ecdhe`, jwk };
    const { signed, answer } = await this.#deps.greet(cluster, request);
    if (!signed) throw tamperedAnswer();
    if (answer.status >= 400) throw refusalOf(answer, false);
    this.#channel = this.#agree(cluster, pair.privateKey, answer);
    return this.#channel;
  }

  async #verifiedCluster(): Promise<Cluster> {
    const path = `/kms/${encodeURIComponent(this.#deps.userId)}`;
    const about = ABOUT.safeParse(await callKms(this.#deps, path, { method: 'GET' }));
    if (!about.success) throw malformedAnswer();
    const { kmsCluster, rsaPublicKey } = about.data;
    const jwk = typeof rsaPublicKey === 'string' ? parseJson(rsaPublicKey) : rsaPublicKey;
    const staticKey = verifyStaticKey(jwk, this.#deps.rootsPem, this.#deps.clock.now());
    return { uri: kmsCluster.replace(/\/+$/, ''), staticKey };
  }

  #agree(cluster: Cluster, ours: KeyObject, answer: KmsAnswer): Channel {
    const parsed = HANDSHAKE.safeParse(answer);
    if (!parsed.success) throw malformedAnswer();
    const { uri, jwk, userId, expirationDate } = parsed.data.key;
    const mine = userId === undefined || userId.toLowerCase() === this.#deps.userId.toLowerCase();
    if (!mine) throw tamperedAnswer();
    const now = this.#deps.clock.now();
    const told = expirationDate === undefined ? Number.NaN : Date.parse(expirationDate);
    const expiresAt = Number.isNaN(told) ? now + DEFAULT_LIFE_MS : told;
    const theirs = importPoint({ kty: 'EC', crv: 'P-256', x: jwk.x, y: jwk.y });
    return { cluster, uri, key: agreedKey(ours, theirs), usableUntil: expiresAt - EXPIRY_MARGIN_MS };
  }
}

/** Refuses points that are not on the curve. */
function importPoint(jwk: { kty: string; crv: string; x: string; y: string }): KeyObject {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch (thrown) {
    throw tamperedAnswer(thrown);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
