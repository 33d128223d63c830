import { createRequire } from 'node:module';
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import type { Account, Installation } from './installation.ts';

const require = createRequire(import.meta.url);
// Cisco's own client libraries carry no types.
// biome-ignore lint/suspicious/noExplicitAny: untyped foreign library
const KMS: any = require('node-kms');
// biome-ignore lint/suspicious/noExplicitAny: untyped foreign library
const jose: any = require('node-jose');

// biome-ignore lint/suspicious/noExplicitAny: foreign JSON in tests
type Json = any;

/** A person's Webex app from outside: lists meetings, gets keys by the KMS protocol with node-kms, opens fields with foreign ciphers. */
export class WebexApp {
  readonly #installation: Installation;
  readonly #account: Account;
  // biome-ignore lint/suspicious/noExplicitAny: untyped foreign library
  #context: any;
  #cluster = '';
  #channel: Promise<void> | undefined;
  readonly #keys = new Map<string, Json>();

  constructor(installation: Installation, account: Account) {
    this.#installation = installation;
    this.#account = account;
  }

  /** The sealed items of the meetings list. */
  async list(): Promise<Json[]> {
    const from = new Date(Date.now() - 7 * 86_400_000).toISOString();
    const to = new Date(Date.now() + 31 * 86_400_000).toISOString();
    const url = `${this.#installation.facts.webexUrl}/calendar/api/v1/calendarEvents?fromDate=${from}&toDate=${to}`;
    const answer = await this.#installation.call('GET', url, this.#authorization());
    if (answer.status !== 200) throw new Error(`no list: ${answer.status} ${answer.text}`);
    return answer.json.items;
  }

  /** What others see of this person: `active` or `OutOfOffice`. */
  async status(): Promise<string> {
    const url = `${this.#installation.facts.webexApiUrl}/v1/people/me`;
    const answer = await this.#installation.call('GET', url, this.#authorization());
    if (answer.status !== 200) throw new Error(`no person: ${answer.status} ${answer.text}`);
    return answer.json.status;
  }

  /** The list with subject, location, join address and people opened. */
  async meetings(): Promise<Json[]> {
    return Promise.all((await this.list()).map((item) => this.open(item)));
  }

  async open(item: Json): Promise<Json> {
    const jwk = await this.key(item.encryptionKeyUrl);
    const field = (text: string | undefined) => (text === undefined ? undefined : openField(jwk, text));
    return {
      id: item.id,
      start: item.start,
      subject: await field(item.encryptedSubject),
      location: await field(item.encryptedLocation),
      notes: await field(item.encryptedNotes),
      joinUrl: await field(item.meetingJoinInfo?.meetingJoinURL),
      joinUri: await field(item.meetingJoinInfo?.meetingJoinURI),
      webexUrl: await field(item.webexURL),
      organizer: await field(item.encryptedOrganizer?.encryptedEmailAddress),
      participants: await Promise.all(
        (item.encryptedParticipants ?? []).map((one: Json) => field(one.encryptedEmailAddress)),
      ),
    };
  }

  /** The key's JWK, by the KMS protocol with this person's own token. */
  async key(uri: string): Promise<Json> {
    const known = this.#keys.get(uri);
    if (known !== undefined) return known;
    this.#channel ??= this.#handshake();
    await this.#channel;
    const answer = await this.#ask({ method: 'retrieve', uri }, {});
    if (answer.status !== 200) throw new Error(`KMS refuses ${uri}: ${answer.status} ${answer.reason}`);
    this.#keys.set(uri, answer.key.jwk);
    return answer.key.jwk;
  }

  /** Makes a key, binds it to a resource that another account may read too, and gives its URI. */
  async shareNewKey(reader: Account): Promise<string> {
    this.#channel ??= this.#handshake();
    await this.#channel;
    const made = await this.#ask({ method: 'create', uri: '/keys', count: 1 }, {});
    const [key] = made.keys;
    const userIds = [this.#account.webexUserId, reader.webexUserId];
    const bound = await this.#ask({ method: 'create', uri: '/resources', userIds, keyUris: [key.uri] }, {});
    if (made.status !== 201 || bound.status !== 201)
      throw new Error(`KMS refuses: ${made.status} ${bound.status}`);
    return key.uri;
  }

  async #handshake(): Promise<void> {
    const { kmsUrl } = this.#installation.facts;
    const info = await this.#installation.call(
      'GET',
      `${kmsUrl}/kms/${this.#account.webexUserId}`,
      this.#authorization(),
    );
    const context = new KMS.Context();
    const credential = { userId: this.#account.webexUserId, bearer: this.#account.webexToken };
    context.clientInfo = { clientId: `outside:${this.#account.webexUserId}`, credential };
    context.serverInfo = { key: JSON.parse(info.json.rsaPublicKey) };
    context.ephemeralKey = await context.createECDHKey();
    this.#context = context;
    this.#cluster = info.json.kmsCluster;
    const { d: _private, ...jwk } = context.ephemeralKey.jwk;
    const answer = await this.#ask(
      { method: 'create', uri: `${this.#cluster}/ecdhe`, jwk },
      { serverKey: true },
    );
    context.ephemeralKey = await context.deriveEphemeralKey(answer.key);
  }

  async #ask(body: object, options: object): Promise<Json> {
    const message = new KMS.Request(body);
    const wrapped = await message.wrap(this.#context, options);
    const url = `${this.#installation.facts.kmsUrl}/kms/messages?wait=1`;
    const headers = { ...this.#authorization(), 'content-type': 'application/json' };
    const payload = JSON.stringify({ destination: this.#cluster, kmsMessages: [wrapped] });
    const answer = await this.#installation.call('POST', url, headers, payload);
    return new KMS.Response(answer.json.kmsMessages[0]).unwrap(this.#context);
  }

  #authorization(): Record<string, string> {
    return { authorization: `Bearer ${this.#account.webexToken}` };
  }
}

async function openField(jwk: Json, compact: string): Promise<string> {
  const [head = '', , iv = '', ciphertext = '', tag = ''] = compact.split('.');
  const header = JSON.parse(Buffer.from(head, 'base64url').toString());
  if (header.enc === 'XC20P') {
    const cipher = xchacha20poly1305(
      Buffer.from(jwk.k, 'base64url'),
      Buffer.from(iv, 'base64url'),
      Buffer.from(head),
    );
    return Buffer.from(
      cipher.decrypt(Buffer.concat([Buffer.from(ciphertext, 'base64url'), Buffer.from(tag, 'base64url')])),
    ).toString();
  }
  const key = await jose.JWK.asKey({ ...jwk, alg: 'dir' });
  return (await jose.JWE.createDecrypt(key).decrypt(compact)).plaintext.toString('utf8');
}
