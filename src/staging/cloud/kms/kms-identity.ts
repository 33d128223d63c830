import { createPrivateKey, createPublicKey, type KeyObject, randomUUID } from 'node:crypto';
import { hostCertificate, makeRsaKey, rootCertificate } from '../certificate.ts';
import type { CloudContext } from '../cloud-context.ts';

export const KMS_HOST = 'kms.nordwind.example';
/** Names the cluster, and is the `kid` of its static key. */
export const KMS_CLUSTER = `kms://${KMS_HOST}`;

const ROOT_NAME = 'Nordwind KMS root (simulated)';
/** Longer than certificates are valid. */
const LONG_AGO_MS = 20 * 365 * 86_400_000;

/** The KMS's certificate and its root, DER in base64 as in `x5c`. */
interface Chain {
  readonly leaf: string;
  readonly root: string;
  readonly rootPem: string;
}

/** What the KMS keeps about itself: its static RSA key and the chain that vouches for it. */
interface IdentityDocument extends Chain {
  readonly privateKeyPem: string;
  /** Of the root, for certificates that are wrong on order. */
  readonly issuerKeyPem: string;
  readonly machineAccountId: string;
}

export interface KmsIdentity extends IdentityDocument {
  readonly privateKey: KeyObject;
  readonly issuerKey: KeyObject;
}

/** Makes the KMS's identity at the first start; it is kept on disk. To be called before anything else of the KMS. */
export async function ensureKmsIdentity(context: Pick<CloudContext, 'disk' | 'clock'>): Promise<void> {
  const table = context.disk.table<IdentityDocument>('kms-identity');
  // A state that an older version left has no key of the root: then all is made anew, the root included.
  if (table.get('identity')?.issuerKeyPem !== undefined) return;
  const privateKey = await makeRsaKey();
  const { chain, issuerKey } = await newChain(privateKey, context.clock.now());
  table.put('identity', {
    ...chain,
    privateKeyPem: pemOf(privateKey),
    issuerKeyPem: pemOf(issuerKey),
    machineAccountId: randomUUID(),
  });
}

/** PEM of the root that the simulated KMS's certificate chains to: the value of the appliance's `kms.ca_file`. */
export function kmsRootPem(context: CloudContext): string {
  return identityDocument(context).rootPem;
}

export function kmsIdentity(context: CloudContext): KmsIdentity {
  const document = identityDocument(context);
  const { privateKeyPem, issuerKeyPem } = document;
  const [privateKey, issuerKey] = [createPrivateKey(privateKeyPem), createPrivateKey(issuerKeyPem)];
  return { ...document, privateKey, issuerKey };
}

/** How the presented chain can be wrong. */
export type ChainFlaw = 'wrong-chain' | 'wrong-host' | 'expired-certificate' | 'other-key';

/** The static public key as clients get it (reference: webex.md 2.1), by order with a chain that proves nothing. */
export async function publicJwk(identity: KmsIdentity, now: number, flaw: ChainFlaw | null): Promise<object> {
  const { leaf, root } = flaw === null ? identity : await flawedChain(identity, now, flaw);
  const { kty, n, e } = createPublicKey(identity.privateKey).export({ format: 'jwk' });
  return { kty, n, e, kid: KMS_CLUSTER, x5c: [leaf, root] };
}

/** Under the true root all but `wrong-chain`, whose root has only its name. */
async function flawedChain(identity: KmsIdentity, now: number, flaw: ChainFlaw): Promise<Chain> {
  const { privateKey, issuerKey, root, rootPem } = identity;
  if (flaw === 'wrong-chain') return (await newChain(privateKey, now)).chain;
  const issuer = { name: ROOT_NAME, privateKey: issuerKey };
  const host = flaw === 'wrong-host' ? 'elsewhere.example' : KMS_HOST;
  const key = flaw === 'other-key' ? await makeRsaKey() : privateKey;
  const issuedAt = flaw === 'expired-certificate' ? now - LONG_AGO_MS : now;
  const leaf = await hostCertificate(issuer, host, key, issuedAt);
  return { leaf: leaf.toString('base64'), root, rootPem };
}

function identityDocument(context: CloudContext): IdentityDocument {
  const document = context.disk.table<IdentityDocument>('kms-identity').get('identity');
  if (document === undefined) throw new Error('the KMS has no identity yet');
  return document;
}

/** A certificate for the KMS's key under a root made for it alone. */
async function newChain(
  key: KeyObject,
  now: number,
): Promise<{ readonly chain: Chain; readonly issuerKey: KeyObject }> {
  const issuerKey = await makeRsaKey();
  const issuer = { name: ROOT_NAME, privateKey: issuerKey };
  const root = await rootCertificate(issuer, now);
  const leaf = (await hostCertificate(issuer, KMS_HOST, key, now)).toString('base64');
  return { chain: { leaf, root: root.toString('base64'), rootPem: root.toString('pem') }, issuerKey };
}

function pemOf(key: KeyObject): string {
  return String(key.export({ type: 'pkcs8', format: 'pem' }));
}
