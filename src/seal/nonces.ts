import type { Random } from '../domain/ports.ts';

const AT_ONCE = 16;

/**
 * Draws fresh nonces of one length for the fields of one item, several with one call of the system's randomness, which costs far
 * more than the bytes. It belongs to one synchronous call: a supply that is kept would repeat itself in a restored snapshot.
 */
export function nonceDrawer(random: Pick<Random, 'bytes'>, length: number): () => Uint8Array {
  let drawn: Uint8Array = new Uint8Array();
  let at = 0;
  return () => {
    if (at === drawn.length) {
      drawn = random.bytes(length * AT_ONCE);
      at = 0;
    }
    at += length;
    return drawn.subarray(at - length, at);
  };
}
