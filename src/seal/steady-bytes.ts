/**
 * A copy that stays where it is until it is wiped. JavaScript keeps arrays of up to 64 bytes among its objects, and its garbage
 * collector moves those about and leaves their old places as they were.
 */
export function steadyCopy(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new ArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}
