import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { CompactEncrypt, decodeProtectedHeader } from 'jose';
import type { CloudContext } from '../cloud-context.ts';
import { accountOfToken, type WebexAccount } from '../webex/webex-token.ts';
import { agree, EC_PUBLIC } from './channel-key.ts';
import { takeFault } from './kms-faults.ts';
import { KMS_CLUSTER, kmsIdentity } from './kms-identity.ts';
import { openLetter } from './kms-letter.ts';
import {
  absoluteUri,
  type KmsReply,
  type KmsRequest,
  performOperation,
  readRequest,
} from './kms-operations.ts';
import { KmsRefusal } from './kms-refusal.ts';
import { signedAnswer } from './kms-signing.ts';

const CHANNEL_LIFE_MS = 3_600_000;
/** Ends a quarter of a minute after clients give it up. */
const BRIEF_LIFE_MS = 45_000;

interface Channel {
  readonly uri: string;
  /** base64url of 32 bytes. */
  readonly key: string;
  readonly userId: string;
  readonly clientId: string;
  readonly expiresAt: number;
}

export interface Answered {
  readonly message: string;
  /** Device that shall get it; empty when the request could not be read. */
  readonly clientId: string;
}

const encode = (value: object): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

/** Answers one compact message: an ECDHE request under the static key, or a request inside a channel (webex.md 2.4). */
export async function answerMessage(context: CloudContext, compact: string): Promise<Answered> {
  const kid = headerKid(compact);
  if (kid === undefined) return unreadable(context);
  if (kid === KMS_CLUSTER) return handshake(context, compact);
  const channel = context.disk.table<Channel>('kms-channels').get(kid);
  if (channel === undefined || channel.expiresAt <= context.clock.now()) return reset(context);
  if (takeFault(context, 'reset')) return reset(context);
  return inChannel(context, channel, compact);
}

function headerKid(compact: string): string | undefined {
  try {
    return decodeProtectedHeader(compact).kid;
  } catch {
    return undefined;
  }
}

async function handshake(context: CloudContext, compact: string): Promise<Answered> {
  const { privateKey } = kmsIdentity(context);
  const letter = await openLetter(compact, privateKey, ['RSA-OAEP', 'RSA-OAEP-256']);
  if (letter === null) return unreadable(context);
  const reply = refusable(() => openChannel(context, readRequest(letter.content)));
  const message = await signedAnswer(context, { requestId: letter.requestId, ...reply });
  return { clientId: letter.clientId, message };
}

function openChannel(context: CloudContext, request: KmsRequest): KmsReply {
  if (request.method !== 'create' || absoluteUri(request.uri).pathname !== '/ecdhe')
    throw new KmsRefusal(400, 'Only a channel is made under the static key.');
  const account = authenticated(context, request);
  const jwk = EC_PUBLIC.safeParse(request.jwk);
  const agreement = jwk.success ? agree(jwk.data) : null;
  if (agreement === null) throw new KmsRefusal(400, 'The public key is not a point on P-256.');
  const now = context.clock.now();
  const uri = `${KMS_CLUSTER}/ecdhe/${randomUUID()}`;
  const { clientId } = request.client;
  const expiresAt = now + (takeFault(context, 'brief-channels') ? BRIEF_LIFE_MS : CHANNEL_LIFE_MS);
  const key = Buffer.from(agreement.key).toString('base64url');
  context.disk
    .table<Channel>('kms-channels')
    .put(uri, { uri, key, userId: account.userId, clientId, expiresAt });
  const dates = {
    createDate: new Date(now).toISOString(),
    expirationDate: new Date(expiresAt).toISOString(),
  };
  return { status: 201, key: { uri, jwk: agreement.jwk, userId: account.userId, clientId, ...dates } };
}

function authenticated(context: CloudContext, request: KmsRequest): WebexAccount {
  const { bearer, userId } = request.client.credential;
  const account = accountOfToken(context, bearer);
  if (account === null || takeFault(context, 'bad-token'))
    throw new KmsRefusal(401, 'The token is not valid.');
  if (takeFault(context, 'forbid') || account.userId !== userId)
    throw new KmsRefusal(403, 'User authentication failed.');
  return account;
}

async function inChannel(context: CloudContext, channel: Channel, compact: string): Promise<Answered> {
  const key = Buffer.from(channel.key, 'base64url');
  const letter = await openLetter(compact, key, ['dir']);
  if (letter === null) return unreadable(context);
  const reply = refusable(() => operate(context, channel, readRequest(letter.content)));
  const { clientId, requestId } = letter;
  const payload = takeFault(context, 'garble-answers') ? { requestId, status: 200 } : { requestId, ...reply };
  const header = { alg: 'dir', enc: 'A256GCM', kid: channel.uri };
  const message = await new CompactEncrypt(encode(payload)).setProtectedHeader(header).encrypt(key);
  return { clientId, message: takeFault(context, 'tamper-answers') ? tampered(message) : message };
}

function operate(context: CloudContext, channel: Channel, request: KmsRequest): KmsReply {
  const { userId } = authenticated(context, request);
  if (userId !== channel.userId) throw new KmsRefusal(403, 'The channel belongs to another user.');
  if (request.method === 'delete' && absoluteUri(request.uri).href === channel.uri) {
    context.disk.table<Channel>('kms-channels').delete(channel.uri);
    return { status: 204 };
  }
  const caller = { userId, clientId: request.client.clientId };
  // A refusal must not leave the transaction as an exception: that would undo on disk what memory keeps.
  return context.disk.transaction(() => refusable(() => performOperation(context, caller, request)));
}

function refusable(work: () => KmsReply): KmsReply {
  try {
    return work();
  } catch (thrown) {
    if (!(thrown instanceof KmsRefusal)) throw thrown;
    const { status, message: reason, details } = thrown;
    return { status, reason, ...details };
  }
}

/** Status 499, signed: the client shall forget its channel. */
async function reset(context: CloudContext): Promise<Answered> {
  return { clientId: '', message: await resetMessage(context) };
}

export function resetMessage(context: CloudContext): Promise<string> {
  return signedAnswer(context, { status: 499, requestId: randomUUID(), reason: 'The channel is not known.' });
}

/** Whose a channel was that is forgotten. */
export type ChannelOwner = Pick<Channel, 'userId' | 'clientId'>;

/** Forgets every channel, as a restarted KMS would. */
export function forgetChannels(context: CloudContext): readonly ChannelOwner[] {
  const table = context.disk.table<Channel>('kms-channels');
  const channels = table.all();
  context.disk.transaction(() => {
    for (const { uri } of channels) table.delete(uri);
  });
  return channels;
}

/** A failure before there is a channel is signed; which request it was can not be told. */
async function unreadable(context: CloudContext): Promise<Answered> {
  const reason = 'The message can not be opened.';
  return {
    clientId: '',
    message: await signedAnswer(context, { status: 400, requestId: randomUUID(), reason }),
  };
}

function tampered(message: string): string {
  const parts = message.split('.');
  parts[4] = createHash('sha256').update(randomBytes(8)).digest().subarray(0, 16).toString('base64url');
  return parts.join('.');
}
