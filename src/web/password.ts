import { argon2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { Random } from '../domain/ports.ts';

const derive = promisify(argon2);

/** OWASP's floor is 46 MiB with one pass (reference: engineering.md B.6). */
const MEMORY_KIB = 65_536;
const PASSES = 2;
const LANES = 1;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
const MIN_LENGTH = 15;
const MAX_LENGTH = 1024;
const PHC =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{22,86})\$([A-Za-z0-9+/]{43,86})$/;

/** A well-formed hash that no password has: verified for unknown names, so that they take as long as known ones. */
export const NOBODYS_HASH = phc(new Uint8Array(SALT_BYTES), new Uint8Array(HASH_BYTES));

/** The product's own words, as anybody would guess them. */
const PRODUCT_WORDS = ['hybridcalendar', 'webex'];

/** Length is the first rule; composition rules make passwords worse. */
export function isAcceptablePassword(password: string): boolean {
  const { length } = [...password];
  return length >= MIN_LENGTH && length <= MAX_LENGTH;
}

/** True for a password that holds the administrator's name or the product's: what a stranger tries first. */
export function tellsItself(password: string, name: string): boolean {
  const plain = lettersOf(password);
  const own = lettersOf(name);
  // A name of one or two letters stands in too many good passwords by chance.
  return [...PRODUCT_WORDS, ...(own.length > 2 ? [own] : [])].some((word) => plain.includes(word));
}

function lettersOf(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** Argon2id as a PHC string. Takes about 0.1 s and 64 MiB outside the main thread. */
export async function hashPassword(password: string, random: Random): Promise<string> {
  const salt = random.bytes(SALT_BYTES);
  return phc(salt, await compute(password, salt, MEMORY_KIB, PASSES, LANES, HASH_BYTES));
}

/** False for a wrong password and for a string that is no argon2id hash. */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const parts = PHC.exec(hash);
  if (parts === null) return false;
  const [, memory, passes, lanes, salt = '', expected = ''] = parts;
  const wanted = Buffer.from(expected, 'base64');
  const got = await compute(
    password,
    Buffer.from(salt, 'base64'),
    Number(memory),
    Number(passes),
    Number(lanes),
    wanted.byteLength,
  );
  return timingSafeEqual(got, wanted);
}

function compute(
  password: string,
  nonce: Uint8Array,
  memory: number,
  passes: number,
  parallelism: number,
  tagLength: number,
): Promise<Uint8Array> {
  // The same password typed on two keyboards may differ in its code points.
  const message = password.normalize('NFC');
  return derive('argon2id', { message, nonce, memory, passes, parallelism, tagLength });
}

function phc(salt: Uint8Array, hash: Uint8Array): string {
  return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${base64(salt)}$${base64(hash)}`;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replaceAll('=', '');
}
