import { createPrivateKey, createPublicKey, type KeyObject, randomUUID } from 'node:crypto';
import { hostCertificate, makeRsaKey, rootCertificate } from '../certificate.ts';
import type { CloudContext } from '../cloud-context.ts';

export const KMS_HOST = 'kms.nordwind.example';
/** Names the cluster, and is the `kid` of its static key. */
export const KMS_CLUSTER = `kms://${KMS_HOST}`;

/** The KMS's certificate and its root, DER in base64 as in `x5c`. */
interface Chain {
  readonly leaf: string;
  readonly root: string;
  readonly rootPem: string;
}

/** What the KMS keeps about itself: its static RSA key and the chain that vouches for it. */
interface IdentityDocument extends Chain {
  readonly privateKeyPem: string;
  readonly machineAccountId: string;
}

export interface KmsIdentity extends IdentityDocument {
  readonly privateKey: KeyObject;
}

/** Makes the KMS's identity at the first start; it is kept on disk. To be called before anything else of the KMS. */
export async function ensureKmsIdentity(context: Pick<CloudContext, 'disk' | 'clock'>): Promise<void> {
  const table = context.disk.table<IdentityDocument>('kms-identity');
  if (table.get('identity') !== undefined) return;
  const privateKey = await makeRsaKey();
  table.put('identity', {
    ...(await newChain(privateKey, context.clock.now())),
    privateKeyPem: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    machineAccountId: randomUUID(),
  });
}

/** PEM of the root that the simulated KMS's certificate chains to: the value of the appliance's `kms.ca_file`. */
export function kmsRootPem(context: CloudContext): string {
  return identityDocument(context).rootPem;
}

export function kmsIdentity(context: CloudContext): KmsIdentity {
  const document = identityDocument(context);
  return { ...document, privateKey: createPrivateKey(document.privateKeyPem) };
}

/** The static public key as clients get it (reference: webex.md 2.1). `misissued`: under a root that nobody trusts. */
export async function publicJwk(identity: KmsIdentity, now: number, misissued: boolean): Promise<object> {
  const { leaf, root } = misissued ? await newChain(identity.privateKey, now) : identity;
  const { kty, n, e } = createPublicKey(identity.privateKey).export({ format: 'jwk' });
  return { kty, n, e, kid: KMS_CLUSTER, x5c: [leaf, root] };
}

function identityDocument(context: CloudContext): IdentityDocument {
  const document = context.disk.table<IdentityDocument>('kms-identity').get('identity');
  if (document === undefined) throw new Error('the KMS has no identity yet');
  return document;
}

/** A certificate for the KMS's key under a root made for it alone. */
async function newChain(key: KeyObject, now: number): Promise<Chain> {
  const issuer = { name: 'Nordwind KMS root (simulated)', privateKey: await makeRsaKey() };
  const root = await rootCertificate(issuer, now);
  const leaf = await hostCertificate(issuer, KMS_HOST, key, now);
  return { leaf: leaf.toString('base64'), root: root.toString('base64'), rootPem: root.toString('pem') };
}
