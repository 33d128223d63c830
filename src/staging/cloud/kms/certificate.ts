import { createHash, createPublicKey, type KeyObject, randomBytes, sign } from 'node:crypto';

// The certificates are written out here because the service that needs them starts synchronously and the certificate library
// works on promises only. Tags are those of X.690, object ids those of RFC 5280.
const SHA256_WITH_RSA = '2a864886f70d01010b';
const COMMON_NAME = '550403';
const SUBJECT_KEY_ID = '551d0e';
const KEY_USAGE = '551d0f';
const SUBJECT_ALT_NAME = '551d11';
const BASIC_CONSTRAINTS = '551d13';
const AUTHORITY_KEY_ID = '551d23';
const YEAR_MS = 365 * 86_400_000;

/** An RSA key with the name it signs certificates under. */
export interface Issuer {
  readonly name: string;
  readonly privateKey: KeyObject;
}

/** A self-signed certificate authority, valid for ten years around `now` (epoch milliseconds). DER. */
export function rootCertificate(issuer: Issuer, now: number): Buffer {
  const extensions = [
    extension(BASIC_CONSTRAINTS, true, sequence(der(0x01, Buffer.of(0xff)))),
    extension(KEY_USAGE, true, der(0x03, Buffer.of(0x01, 0x06))),
  ];
  return certificate(issuer, issuer.name, createPublicKey(issuer.privateKey), extensions, now);
}

/** A certificate for a host name (and IPv4 addresses), for signing and for receiving sealed keys. DER. */
export function hostCertificate(
  issuer: Issuer,
  host: string,
  publicKey: KeyObject,
  now: number,
  addresses: readonly string[] = [],
): Buffer {
  const ips = addresses.map((address) => der(0x87, Buffer.from(address.split('.').map(Number))));
  const extensions = [
    extension(BASIC_CONSTRAINTS, true, sequence()),
    extension(KEY_USAGE, true, der(0x03, Buffer.of(0x05, 0xa0))),
    extension(SUBJECT_ALT_NAME, false, sequence(der(0x82, Buffer.from(host, 'ascii')), ...ips)),
  ];
  return certificate(issuer, host, publicKey, extensions, now);
}

/** PEM of a DER certificate. */
export function certificatePem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

function certificate(
  issuer: Issuer,
  subject: string,
  key: KeyObject,
  special: readonly Buffer[],
  now: number,
): Buffer {
  const algorithm = sequence(objectId(SHA256_WITH_RSA), der(0x05));
  const authority = keyId(createPublicKey(issuer.privateKey));
  const extensions = [
    ...special,
    extension(SUBJECT_KEY_ID, false, der(0x04, keyId(key))),
    extension(AUTHORITY_KEY_ID, false, sequence(der(0x80, authority))),
  ];
  const content = sequence(
    der(0xa0, integer(Buffer.of(2))),
    integer(serialNumber()),
    algorithm,
    name(issuer.name),
    sequence(time(now - YEAR_MS), time(now + 10 * YEAR_MS)),
    name(subject),
    spki(key),
    der(0xa3, sequence(...extensions)),
  );
  const signature = sign('sha256', content, issuer.privateKey);
  return sequence(content, algorithm, der(0x03, Buffer.of(0), signature));
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.of(tag, length), content]);
  const size = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, ...parts);
}

function integer(bytes: Buffer): Buffer {
  return der(0x02, bytes);
}

function objectId(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'));
}

function name(commonName: string): Buffer {
  return sequence(der(0x31, sequence(objectId(COMMON_NAME), der(0x0c, Buffer.from(commonName, 'utf8')))));
}

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  const flag = critical ? [der(0x01, Buffer.of(0xff))] : [];
  return sequence(objectId(id), ...flag, der(0x04, value));
}

/** RFC 5280 wants the short form before 2050 and the long one from then on. */
function time(epochMs: number): Buffer {
  const digits = new Date(epochMs)
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replace(/[-:T]/g, '');
  return Number(digits.slice(0, 4)) < 2050
    ? der(0x17, Buffer.from(digits.slice(2), 'ascii'))
    : der(0x18, Buffer.from(digits, 'ascii'));
}

function serialNumber(): Buffer {
  const bytes = randomBytes(16);
  // Positive and without a superfluous leading zero.
  bytes.writeUInt8((bytes.readUInt8(0) & 0x7f) | 0x40, 0);
  return bytes;
}

function spki(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' });
}

function keyId(key: KeyObject): Buffer {
  return createHash('sha256').update(spki(key)).digest().subarray(0, 20);
}
