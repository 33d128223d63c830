import { createPublicKey, type KeyObject } from 'node:crypto';
import { CompactSign } from 'jose';
import { makeRsaKey } from '../certificate.ts';
import type { CloudContext } from '../cloud-context.ts';
import { signatureAlgorithm, takeOneOf } from './kms-faults.ts';
import { KMS_CLUSTER, kmsIdentity } from './kms-identity.ts';

const FLAWS = ['wrong-signer', 'foreign-kid', 'unsigned', 'public-key-as-secret'] as const;

/** An answer outside of a channel: compact JWS under the static key (reference: webex.md 2.4). */
export async function signedAnswer(context: CloudContext, payload: object): Promise<string> {
  const { privateKey } = kmsIdentity(context);
  const alg = signatureAlgorithm(context);
  const bytes = new TextEncoder().encode(JSON.stringify(payload));
  switch (takeOneOf(context, FLAWS)) {
    case 'wrong-signer':
      return await sign(bytes, { alg, kid: KMS_CLUSTER }, await makeRsaKey());
    case 'foreign-kid':
      return await sign(bytes, { alg, kid: 'kms://elsewhere.example' }, privateKey);
    case 'unsigned':
      return `${encoded({ alg: 'none', kid: KMS_CLUSTER })}.${Buffer.from(bytes).toString('base64url')}.`;
    case 'public-key-as-secret':
      return await sign(bytes, { alg: 'HS256', kid: KMS_CLUSTER }, publicPem(privateKey));
    case null:
      return await sign(bytes, { alg, kid: KMS_CLUSTER }, privateKey);
  }
}

async function sign(
  payload: Uint8Array,
  header: { readonly alg: string; readonly kid: string },
  key: KeyObject | Uint8Array,
): Promise<string> {
  return await new CompactSign(payload).setProtectedHeader(header).sign(key);
}

/** What everybody knows, as the secret of a careless verifier. */
function publicPem(privateKey: KeyObject): Uint8Array {
  return Buffer.from(createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }));
}

function encoded(header: object): string {
  return Buffer.from(JSON.stringify(header)).toString('base64url');
}
