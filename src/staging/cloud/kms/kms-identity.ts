import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
} from 'node:crypto';
import type { CloudContext } from '../cloud-context.ts';
import { certificatePem, hostCertificate, type Issuer, rootCertificate } from './certificate.ts';

export const KMS_HOST = 'kms.nordwind.example';
/** Names the cluster, and is the `kid` of its static key. */
export const KMS_CLUSTER = `kms://${KMS_HOST}`;

/** What the KMS keeps about itself: its static RSA key and the chain that vouches for it. */
interface IdentityDocument {
  readonly rootPem: string;
  /** DER in base64, as in `x5c`. */
  readonly leaf: string;
  readonly root: string;
  readonly privateKeyPem: string;
  readonly machineAccountId: string;
}

export interface KmsIdentity extends IdentityDocument {
  readonly privateKey: KeyObject;
}

/** PEM of the root that the simulated KMS's certificate chains to: the value of the appliance's `kms.ca_file`. */
export function kmsRootPem(context: CloudContext): string {
  return identityDocument(context).rootPem;
}

/** The KMS's identity; made at the first start and kept on disk. */
export function kmsIdentity(context: CloudContext): KmsIdentity {
  const document = identityDocument(context);
  return { ...document, privateKey: createPrivateKey(document.privateKeyPem) };
}

/** The static public key as clients get it (reference: webex.md 2.1). `misissued`: under a root that nobody trusts. */
export function publicJwk(identity: KmsIdentity, now: number, misissued: boolean): object {
  const publicKey = createPublicKey(identity.privateKey);
  const x5c = misissued ? chainOf(newRoot(), publicKey, now) : [identity.leaf, identity.root];
  const { kty, n, e } = publicKey.export({ format: 'jwk' });
  return { kty, n, e, kid: KMS_CLUSTER, x5c };
}

/** A key that the KMS does not own, to sign what must be refused. */
export function strangerKey(): KeyObject {
  return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
}

function identityDocument(context: CloudContext): IdentityDocument {
  const table = context.disk.table<IdentityDocument>('kms-identity');
  const known = table.get('identity');
  if (known !== undefined) return known;
  const made = makeIdentity(context.clock.now());
  table.put('identity', made);
  return made;
}

function makeIdentity(now: number): IdentityDocument {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const [leaf, root] = chainOf(newRoot(), publicKey, now);
  return {
    leaf,
    root,
    rootPem: certificatePem(Buffer.from(root, 'base64')),
    privateKeyPem: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    machineAccountId: randomUUID(),
  };
}

function newRoot(): Issuer {
  return { name: 'Nordwind KMS root (simulated)', privateKey: strangerKey() };
}

function chainOf(issuer: Issuer, publicKey: KeyObject, now: number): readonly [string, string] {
  const leaf = hostCertificate(issuer, KMS_HOST, publicKey, now);
  return [leaf.toString('base64'), rootCertificate(issuer, now).toString('base64')];
}
