import { randomUUID, webcrypto } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { authority, identity } from '../kms/certificates.ts';
import { foreignPackage } from './foreign-package.ts';

const jose = foreignPackage('node-jose');
const HOST = 'kms.foreign.example';
const CLUSTER = `kms://${HOST}`;

interface Request {
  readonly method: string;
  readonly uri: string;
  readonly requestId: string;
  readonly client: { readonly clientId: string; readonly credential: { readonly userId: string } };
  readonly jwk?: object;
  readonly count?: number;
  readonly keyUris?: readonly string[];
}

/** A KMS of which all cryptography is node-jose's: RSA-OAEP, signatures, ECDH with HKDF, A256GCM, and the making of keys. */
export class NodeJoseKms {
  /** `k` of every key, by URI. */
  readonly keys = new Map<string, string>();
  readonly signedWith: 'RS256' | 'PS256';
  rootsPem = '';
  url = '';
  #publicJwk: object = {};
  #static = jose.JWK.createKeyStore();
  #channel: { readonly uri: string; readonly key: typeof jose } | null = null;
  readonly #server = createServer((request, response) => {
    void text(request)
      .then((body) => this.#answer(request.url ?? '', body))
      .then((answer) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(answer));
      });
  });

  constructor(signedWith: 'RS256' | 'PS256') {
    this.signedWith = signedWith;
  }

  async start(): Promise<this> {
    const root = await authority('Foreign root');
    const { keys, jwk } = await identity(root, { host: HOST });
    const { alg: _alg, key_ops: _ops, ...secret } = await webcrypto.subtle.exportKey('jwk', keys.privateKey);
    this.#static = await jose.JWK.asKey({ ...secret, kid: CLUSTER });
    this.#publicJwk = jwk;
    this.rootsPem = root.pem;
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #answer(path: string, body: string): Promise<object> {
    if (!path.startsWith('/kms/messages'))
      return { kmsCluster: CLUSTER, rsaPublicKey: JSON.stringify(this.#publicJwk) };
    const { kmsMessages } = JSON.parse(body) as { kmsMessages: string[] };
    return { kmsMessages: await Promise.all(kmsMessages.map((one) => this.#handle(one))) };
  }

  async #handle(compact: string): Promise<string> {
    const header = JSON.parse(jose.util.base64url.decode(compact.split('.')[0] ?? '').toString()) as {
      readonly kid: string;
    };
    const channel = this.#channel?.uri === header.kid ? this.#channel : null;
    const opened = await jose.JWE.createDecrypt(channel?.key ?? this.#static).decrypt(compact);
    const request = JSON.parse(opened.payload.toString()) as Request;
    const { requestId } = request;
    if (channel === null) return await this.#sign({ requestId, ...(await this.#agree(request)) });
    const answer = { requestId, ...(await this.#perform(request)) };
    const format = { format: 'compact', contentAlg: 'A256GCM', fields: { alg: 'dir', kid: channel.uri } };
    return await jose.JWE.createEncrypt(format, channel.key).update(JSON.stringify(answer)).final();
  }

  async #sign(answer: object): Promise<string> {
    const format = { format: 'compact', alg: this.signedWith, fields: { alg: this.signedWith } };
    return await jose.JWS.createSign(format, this.#static).update(JSON.stringify(answer)).final();
  }

  async #agree({ jwk, client }: Request): Promise<object> {
    const ours = await jose.JWK.createKey('EC', 'P-256', {});
    const theirs = await jose.JWK.asKey(jwk);
    const secret = await jose.JWA.derive('ECDH-HKDF', ours.toObject(true), { public: theirs.toObject() });
    const uri = `${CLUSTER}/ecdhe/${randomUUID()}`;
    const k = jose.util.base64url.encode(secret);
    this.#channel = { uri, key: await jose.JWK.asKey({ kty: 'oct', k, kid: uri, alg: 'A256GCM' }) };
    const expirationDate = new Date(Date.now() + 3_600_000).toISOString();
    const { clientId } = client;
    const { userId } = client.credential;
    return { status: 201, key: { uri, jwk: ours.toJSON(), userId, clientId, expirationDate } };
  }

  async #perform({ method, uri, count = 0 }: Request): Promise<object> {
    if (`${method} ${uri}` === 'create /keys')
      return { status: 201, keys: await Promise.all(Array.from({ length: count }, () => this.#newKey())) };
    if (`${method} ${uri}` === 'create /resources')
      return { status: 201, resource: { uri: `${CLUSTER}/resources/${randomUUID()}` } };
    const k = this.keys.get(uri);
    return k === undefined
      ? { status: 404 }
      : { status: 200, key: { uri, jwk: { kty: 'oct', k, kid: uri } } };
  }

  async #newKey(): Promise<object> {
    const uri = `${CLUSTER}/keys/${randomUUID()}`;
    const jwk = (await jose.JWK.createKey('oct', 256, { kid: uri })).toJSON(true);
    this.keys.set(uri, jwk.k);
    return { uri, jwk };
  }
}
