import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

const ALGORITHM = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  publicExponent: new Uint8Array([1, 0, 1]),
  modulusLength: 2048,
};
const DAY_MS = 86_400_000;

export interface Authority {
  readonly certificate: x509.X509Certificate;
  readonly keys: webcrypto.CryptoKeyPair;
  readonly pem: string;
}

export interface StaticIdentity {
  readonly keys: webcrypto.CryptoKeyPair;
  readonly jwk: { readonly kid: string; readonly x5c: readonly string[]; readonly n?: string | undefined };
}

export async function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

/** A root, or an intermediate below one; `ca: false` makes one that must not issue. */
export async function authority(name: string, parent?: Authority, ca = true): Promise<Authority> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.create({
    ...span(Date.now()),
    subject: `CN=${name}`,
    issuer: parent?.certificate.subject ?? `CN=${name}`,
    publicKey: keys.publicKey,
    signingKey: (parent?.keys ?? keys).privateKey,
    signingAlgorithm: ALGORITHM,
    extensions: [new x509.BasicConstraintsExtension(ca, undefined, true)],
  });
  return { certificate, keys, pem: certificate.toString('pem') };
}

/** What a KMS at `host` presents as its static key, certified for `certified` by `issuer`. */
export async function identity(
  issuer: Authority,
  o: {
    readonly host: string;
    readonly certified?: string;
    readonly chain?: readonly Authority[];
    readonly san?: boolean;
  },
): Promise<StaticIdentity> {
  const keys = await newKeys();
  const name = o.certified ?? o.host;
  const certificate = await x509.X509CertificateGenerator.create({
    ...span(Date.now()),
    subject: `CN=${name}`,
    issuer: issuer.certificate.subject,
    publicKey: keys.publicKey,
    signingKey: issuer.keys.privateKey,
    signingAlgorithm: ALGORITHM,
    extensions:
      o.san === false ? [] : [new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: name }])],
  });
  const chain = [certificate, ...(o.chain ?? []).map((one) => one.certificate)];
  const { kty, n, e } = await webcrypto.subtle.exportKey('jwk', keys.publicKey);
  const x5c = chain.map((one) => Buffer.from(one.rawData).toString('base64'));
  return { keys, jwk: Object.assign({ kid: `kms://${o.host}`, x5c }, { kty, n, e }) };
}

function span(now: number): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(now - DAY_MS), notAfter: new Date(now + DAY_MS) };
}
