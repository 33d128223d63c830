import { randomFillSync, randomUUID } from 'node:crypto';
import type { Random } from '../domain/ports.ts';

const TWO_POW_53 = 2 ** 53;

/** The operating system's randomness. */
export function systemRandom(): Random {
  const bytes = (length: number): Uint8Array => randomFillSync(new Uint8Array(length));
  return { bytes, uuid: () => randomUUID(), unit: () => unitFrom(bytes(8)) };
}

/** The top 53 bits, as many as a double holds, as a number in [0, 1). */
function unitFrom(bytes: Uint8Array): number {
  const word = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0);
  return Number(word >> 11n) / TWO_POW_53;
}
