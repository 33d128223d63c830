import { createRequire } from 'node:module';
import type { Device } from './device.ts';
import type { Answer, RunningCloud } from './running-cloud.ts';

const require = createRequire(import.meta.url);
// Cisco's own client libraries carry no types.
// biome-ignore lint/suspicious/noExplicitAny: untyped foreign library
const KMS: any = require('node-kms');
// biome-ignore lint/suspicious/noExplicitAny: untyped foreign library
export const jose: any = require('node-jose');

// biome-ignore lint/suspicious/noExplicitAny: foreign JSON in tests
export type Reply = any;

interface Account {
  readonly webexUserId: string;
  readonly webexToken: string;
}

/** A client of the KMS that is not ours: Cisco's node-kms does all of the protocol, over HTTPS of a real cloud. */
export class KmsClient {
  readonly #cloud: RunningCloud;
  readonly #account: Account;
  /** Where answers arrive; without it they are asked for in the HTTP answer. */
  readonly #device: Device | undefined;
  readonly #context = new KMS.Context();
  cluster = '';
  /** The last answer as it travelled. */
  lastAnswer = '';

  constructor(cloud: RunningCloud, account: Account, device?: Device) {
    this.#cloud = cloud;
    this.#account = account;
    this.#device = device;
    this.signAs(account);
  }

  /** A client with an open channel. */
  static async connect(cloud: RunningCloud, account: Account, device?: Device): Promise<KmsClient> {
    const client = new KmsClient(cloud, account, device);
    const reply = await client.handshake();
    if (reply.status !== 201) throw new Error(`no channel: ${reply.status}`);
    return client;
  }

  get channel(): string {
    return this.#context.ephemeralKey.uri;
  }

  get clientId(): string {
    return this.#context.clientInfo.clientId;
  }

  /** Whose credential stands inside the requests from now on. */
  signAs({ webexUserId: userId, webexToken: bearer }: Account): void {
    const clientId = this.#device?.url ?? 'outside';
    this.#context.clientInfo = { clientId, credential: { userId, bearer } };
  }

  /** Learns the static key and agrees on a channel. */
  async handshake(): Promise<Reply> {
    await this.learn();
    this.#context.ephemeralKey = await this.#context.createECDHKey();
    const { d: _private, ...jwk } = this.#context.ephemeralKey.jwk;
    const reply = await this.underStaticKey({ method: 'create', uri: `${this.cluster}/ecdhe`, jwk });
    if (reply.status === 201) this.#context.ephemeralKey = await this.#context.deriveEphemeralKey(reply.key);
    return reply;
  }

  async learn(): Promise<void> {
    const about = await this.#cloud.call('GET', `/kms/${this.#account.webexUserId}`, {
      as: this.#account.webexToken,
    });
    this.cluster = about.json.kmsCluster;
    this.#context.serverInfo = { key: JSON.parse(about.json.rsaPublicKey) };
  }

  async underStaticKey(body: object): Promise<Reply> {
    return this.#exchange(body, { serverKey: true });
  }

  /** A request inside the channel. */
  async ask(method: string, uri: string, fields: object = {}): Promise<Reply> {
    return this.#exchange({ method, uri, ...fields }, {});
  }

  /** Wraps a request without sending it. */
  async wrap(body: object): Promise<string> {
    return new KMS.Request(body).wrap(this.#context, {});
  }

  async unwrap(message: string): Promise<Reply> {
    return new KMS.Response(message).unwrap(this.#context);
  }

  async post(kmsMessages: readonly string[], query = '?wait=1'): Promise<Answer> {
    const body = { destination: this.cluster, kmsMessages };
    return this.#cloud.call('POST', `/kms/messages${query}`, { as: this.#account.webexToken, body });
  }

  async #exchange(body: object, options: object): Promise<Reply> {
    const wrapped = await new KMS.Request(body).wrap(this.#context, options);
    this.lastAnswer = this.#device === undefined ? await this.#inBody(wrapped) : await this.#pushed(wrapped);
    return this.unwrap(this.lastAnswer);
  }

  async #inBody(wrapped: string): Promise<string> {
    return (await this.post([wrapped])).json.kmsMessages[0];
  }

  async #pushed(wrapped: string): Promise<string> {
    const known = this.#device?.frames.length ?? 0;
    const answer = await this.post([wrapped], '');
    if (answer.status !== 202) throw new Error(`expected an acknowledgement, got ${answer.status}`);
    const frame = await this.#device?.frame(
      (one) =>
        one.data?.eventType === 'encryption.kms_message' && (this.#device?.frames.indexOf(one) ?? 0) >= known,
    );
    return frame?.data.encryption?.kmsMessages[0] ?? '';
  }
}
