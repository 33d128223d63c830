import {
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  KeyObject,
  randomBytes,
  randomUUID,
} from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { CompactEncrypt, CompactSign, compactDecrypt } from 'jose';
import { type Authority, authority, identity } from './certificates.ts';

interface Request {
  readonly method: string;
  readonly uri: string;
  readonly requestId: string;
  readonly client: { readonly clientId: string; readonly credential: { readonly bearer: string } };
  readonly jwk?: { readonly x: string; readonly y: string };
  readonly count?: number;
  readonly userIds?: readonly string[];
  readonly keyUris?: readonly string[];
}
interface Channel {
  readonly uri: string;
  readonly key: Uint8Array;
}

const CLUSTER = 'kms://kms.example.org';
let shared: Promise<{ root: Authority; made: Awaited<ReturnType<typeof identity>> }> | undefined;

/** The server's side of the protocol, with switches for what can go wrong. */
export class SmallKms {
  readonly requests: Request[] = [];
  readonly posts: { readonly size: number; readonly wait: boolean }[] = [];
  readonly keys = new Map<string, string>();
  /** The resource of every bound key. */
  readonly bindings = new Map<string, string>();
  channels = 0;
  /** Last moment of sealing that bound keys are told with; undefined when the KMS sets none. */
  sealUntil: string | undefined;
  /** The same of resources. */
  resourceUntil: string | undefined;
  /** Tells new keys by their addresses only. */
  namesKeysOnly = false;
  /** Status of retrieve answers that fail; null when all is well. */
  keyStatus: number | null = null;
  handshakeStatus = 201;
  httpStatus = 200;
  resets = 0;
  silent = 0;
  flipAnswers = false;
  /** How many bindings take place without an answer. */
  lostBindings = 0;
  /** Signs the results of the channel instead of sealing them. */
  signsResults = false;
  /** Answers handshakes with a point that is not on the curve. */
  badPoint = false;
  /** Whose channels they are told to be; undefined when the KMS does not tell. */
  channelOwner: string | undefined;
  /** Gets the answers instead of the HTTP body. */
  stream: ((messages: readonly string[]) => void) | null = null;
  rootsPem = '';
  url = '';
  channelLifeMs = 3_600_000;
  #channel: Channel | null = null;
  #made: Awaited<ReturnType<typeof identity>> | undefined;
  readonly #server = createServer((request, response) => {
    void (async () => {
      const body = await text(request);
      const answer = this.httpStatus >= 400 ? {} : await this.#answer(request.url ?? '', body);
      response.writeHead(this.httpStatus, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer));
    })();
  });

  async start(): Promise<this> {
    shared ??= authority('Root').then(async (root) => ({
      root,
      made: await identity(root, { host: 'kms.example.org' }),
    }));
    const { root, made } = await shared;
    this.rootsPem = root.pem;
    this.#made = made;
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async sign(content: object): Promise<string> {
    const key = this.#staticKey();
    const plain = new TextEncoder().encode(JSON.stringify(content));
    return await new CompactSign(plain).setProtectedHeader({ alg: 'RS256', kid: CLUSTER }).sign(key);
  }

  #staticKey(): KeyObject {
    if (this.#made === undefined) throw new Error('not started');
    return KeyObject.from(this.#made.keys.privateKey);
  }

  async #answer(path: string, body: string): Promise<object> {
    if (path.startsWith('/kms/messages')) {
      const { kmsMessages } = JSON.parse(body) as { kmsMessages: string[] };
      this.posts.push({ size: kmsMessages.length, wait: path.endsWith('?wait=1') });
      const answers = await Promise.all(kmsMessages.map((one) => this.#handle(one)));
      const sent = answers.filter((one) => one !== null).reverse();
      if (this.stream === null) return { kmsMessages: sent };
      this.stream(['no.sense', ...sent]);
      return {};
    }
    return { kmsCluster: CLUSTER, rsaPublicKey: JSON.stringify(this.#made?.jwk) };
  }

  async #handle(compact: string): Promise<string | null> {
    const channel = this.#channel;
    const header = JSON.parse(Buffer.from(compact.split('.')[0] ?? '', 'base64url').toString()) as {
      kid: string;
    };
    const key = header.kid === CLUSTER ? this.#staticKey() : channel?.key;
    if (key === undefined) return await this.sign({ status: 499, requestId: randomUUID() });
    const request = JSON.parse(
      new TextDecoder().decode((await compactDecrypt(compact, key)).plaintext),
    ) as Request;
    this.requests.push(request);
    if (request.jwk !== undefined) return await this.sign(this.#shake(request, request.jwk));
    if (this.silent > 0) {
      this.silent -= 1;
      return null;
    }
    if (this.resets > 0) {
      this.resets -= 1;
      this.#channel = null;
      return await this.sign({ status: 499, requestId: randomUUID() });
    }
    if (channel === null) return null;
    const result = { requestId: request.requestId, ...this.#perform(request) };
    if (request.uri === '/resources' && this.lostBindings > 0) {
      this.lostBindings -= 1;
      return null;
    }
    return this.signsResults ? await this.sign(result) : await this.#seal(result, channel);
  }

  #shake({ requestId }: Request, jwk: { readonly x: string; readonly y: string }): object {
    if (this.handshakeStatus >= 400) return { status: this.handshakeStatus, requestId };
    const ours = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const publicKey = createPublicKey({
      key: { kty: 'EC', crv: 'P-256', x: jwk.x, y: jwk.y },
      format: 'jwk',
    });
    const secret = diffieHellman({ privateKey: ours.privateKey, publicKey });
    const uri = `${CLUSTER}/ecdhe/${randomUUID()}`;
    this.#channel = { uri, key: new Uint8Array(hkdfSync('sha256', secret, '', '', 32)) };
    this.channels += 1;
    const expirationDate = new Date(Date.now() + this.channelLifeMs).toISOString();
    const told = { ...ours.publicKey.export({ format: 'jwk' }), ...(this.badPoint && { x: 'A'.repeat(43) }) };
    return { status: 201, requestId, key: { uri, jwk: told, userId: this.channelOwner, expirationDate } };
  }

  #perform({ uri, count = 0, keyUris = [] }: Request): object {
    if (uri === '/keys') return { status: 201, ...this.#newKeys(count) };
    if (uri === '/resources') return this.#bind(keyUris);
    const k = this.keys.get(uri);
    if (this.keyStatus !== null) return { status: this.keyStatus, reason: 'no' };
    if (k === undefined) return { status: 404 };
    const resourceUri = this.bindings.get(uri);
    return { status: 200, key: { uri, resourceUri, jwk: { kty: 'oct', k }, expirationDate: this.sealUntil } };
  }

  #bind(keyUris: readonly string[]): object {
    if (keyUris.some((uri) => this.bindings.has(uri))) return { status: 409 };
    const uri = `${CLUSTER}/resources/${randomUUID()}`;
    for (const keyUri of keyUris) this.bindings.set(keyUri, uri);
    return { status: 201, resource: { uri, expirationDate: this.resourceUntil } };
  }

  #newKeys(count: number): object {
    const keys = Array.from({ length: count }, () => this.addKey());
    return this.namesKeysOnly ? { keyUris: keys.map(({ uri }) => uri) } : { keys };
  }

  addKey(): { readonly uri: string; readonly jwk: { readonly kty: 'oct'; readonly k: string } } {
    const uri = `${CLUSTER}/keys/${randomUUID()}`;
    const k = randomBytes(32).toString('base64url');
    this.keys.set(uri, k);
    return { uri, jwk: { kty: 'oct', k } };
  }

  async #seal(content: object, { uri, key }: Channel): Promise<string> {
    const plain = new TextEncoder().encode(JSON.stringify(content));
    const header = { alg: 'dir', enc: 'A256GCM', kid: uri };
    const compact = await new CompactEncrypt(plain).setProtectedHeader(header).encrypt(key);
    if (!this.flipAnswers) return compact;
    const [head, none, iv, content64 = '', tag] = compact.split('.');
    const flipped = (content64.startsWith('A') ? 'B' : 'A') + content64.slice(1);
    return [head, none, iv, flipped, tag].join('.');
  }
}
