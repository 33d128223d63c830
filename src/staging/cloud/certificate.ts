import 'reflect-metadata';
import { createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import * as x509 from '@peculiar/x509';

const ALGORITHM = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const;
const MODULUS_BITS = 2048;
const YEAR_MS = 365 * 86_400_000;
const { keyCertSign, cRLSign, digitalSignature, keyEncipherment } = x509.KeyUsageFlags;

/** An RSA key with the name it signs certificates under. */
export interface Issuer {
  readonly name: string;
  readonly privateKey: KeyObject;
}

/** A private RSA key, made without holding up the process. */
export async function makeRsaKey(): Promise<KeyObject> {
  return (await promisify(generateKeyPair)('rsa', { modulusLength: MODULUS_BITS })).privateKey;
}

/** A self-signed certificate authority, valid from a year before `now` (epoch milliseconds) until ten years after it. */
export async function rootCertificate(issuer: Issuer, now: number): Promise<x509.X509Certificate> {
  return certificate(issuer, issuer.name, issuer.privateKey, now, [
    new x509.BasicConstraintsExtension(true, undefined, true),
    new x509.KeyUsagesExtension(keyCertSign | cRLSign, true),
  ]);
}

/** A certificate for a host name (and IP addresses), for signing and for receiving sealed keys. Valid as long as its root. */
export async function hostCertificate(
  issuer: Issuer,
  host: string,
  privateKey: KeyObject,
  now: number,
  addresses: readonly string[] = [],
): Promise<x509.X509Certificate> {
  const ips = addresses.map((value) => ({ type: 'ip', value }) as const);
  return certificate(issuer, host, privateKey, now, [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(digitalSignature | keyEncipherment, true),
    new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: host }, ...ips]),
  ]);
}

async function certificate(
  issuer: Issuer,
  subject: string,
  privateKey: KeyObject,
  now: number,
  extensions: readonly x509.Extension[],
): Promise<x509.X509Certificate> {
  const publicKey = cryptoKeyOf(createPublicKey(privateKey), 'verify');
  const issuerKey = cryptoKeyOf(createPublicKey(issuer.privateKey), 'verify');
  return x509.X509CertificateGenerator.create({
    subject: `CN=${subject}`,
    issuer: `CN=${issuer.name}`,
    publicKey,
    signingKey: cryptoKeyOf(issuer.privateKey, 'sign'),
    signingAlgorithm: ALGORITHM,
    notBefore: new Date(now - YEAR_MS),
    notAfter: new Date(now + 10 * YEAR_MS),
    extensions: [
      ...extensions,
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuerKey),
    ],
  });
}

function cryptoKeyOf(key: KeyObject, use: 'sign' | 'verify'): CryptoKey {
  return key.toCryptoKey(ALGORITHM, true, [use]);
}
