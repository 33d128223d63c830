import type { KeyObject } from 'node:crypto';
import { CompactEncrypt, compactDecrypt, compactVerify, decodeProtectedHeader } from 'jose';
import { z } from 'zod';
import type { StaticKey } from './certificate-chain.ts';
import { malformedAnswer, tamperedAnswer } from './kms-fault.ts';

const ANSWER = z.looseObject({
  status: z.int(),
  requestId: z.string().default(''),
  /** Of a failure, or of a move (reference: webex.md 2.7). */
  errorCode: z.int().optional().catch(undefined),
  redirectUri: z.string().min(1).optional().catch(undefined),
});

/** The plaintext of an answer; what else it holds depends on the request. */
export type KmsAnswer = z.infer<typeof ANSWER>;

/** A key agreed on with the KMS. */
export interface ChannelKey {
  readonly uri: string;
  /** Of 32 bytes. */
  readonly key: KeyObject;
}

/** Seals the first request, before there is a channel. */
export async function wrapForStaticKey(request: object, to: StaticKey): Promise<string> {
  return await seal(request, { alg: 'RSA-OAEP', enc: 'A256GCM', kid: to.kid }, to.publicKey);
}

/** Seals a request for the channel. */
export async function wrapForChannel(request: object, to: ChannelKey): Promise<string> {
  return await seal(request, { alg: 'dir', enc: 'A256GCM', kid: to.uri }, to.key);
}

/** Whether an answer is signed (with the static key) rather than sealed for the channel. */
export function isSigned(compact: string): boolean {
  return compact.split('.').length === 3;
}

/** The `kid` an answer names; not authentic yet. Null when it cannot be read. */
export function namedKey(compact: string): string | null {
  try {
    return decodeProtectedHeader(compact).kid ?? null;
  } catch {
    return null;
  }
}

/** Verifies and reads a signed answer. Throws AppError `tampered` KMS_ANSWER_TAMPERED, also for a foreign `kid`. */
export async function openSigned(compact: string, from: StaticKey): Promise<KmsAnswer> {
  if (namedKey(compact) !== from.kid) throw tamperedAnswer();
  return await read(
    compactVerify(compact, from.publicKey, { algorithms: ['RS256', 'PS256'] }).then(payloadOf),
  );
}

/** Opens a sealed answer. Throws AppError `tampered` KMS_ANSWER_TAMPERED. */
export async function openSealed(compact: string, from: ChannelKey): Promise<KmsAnswer> {
  const options = { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] };
  return await read(compactDecrypt(compact, from.key, options).then(({ plaintext }) => plaintext));
}

async function seal(
  request: object,
  header: { readonly alg: string; readonly enc: string; readonly kid: string },
  key: KeyObject,
): Promise<string> {
  // It holds the appliance's token.
  const plain = new TextEncoder().encode(JSON.stringify(request));
  try {
    return await new CompactEncrypt(plain).setProtectedHeader(header).encrypt(key);
  } finally {
    plain.fill(0);
  }
}

function payloadOf(verified: { readonly payload: Uint8Array }): Uint8Array {
  return verified.payload;
}

async function read(authentic: Promise<Uint8Array>): Promise<KmsAnswer> {
  const bytes = await authentic.catch((thrown: unknown) => {
    throw tamperedAnswer(thrown);
  });
  try {
    return ANSWER.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    // The parser's own message would quote the plaintext.
    throw malformedAnswer();
  } finally {
    bytes.fill(0);
  }
}
