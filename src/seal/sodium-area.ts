import { type Libsodium, libsodium } from './sodium.ts';

/** A piece of libsodium's memory that is lent to one call; what is put in lies one after the other. */
export class SodiumArea {
  readonly library: Libsodium;
  readonly #heap: Uint8Array;
  readonly #end: number;
  #next: number;

  constructor(library: Libsodium, begin: number, length: number) {
    this.library = library;
    this.#heap = library.HEAPU8;
    this.#next = begin;
    this.#end = begin + length;
  }

  /** Address of a copy of the bytes. */
  put(bytes: Uint8Array): number {
    const address = this.room(bytes.length);
    this.#heap.set(bytes, address);
    return address;
  }

  /** Address of so many bytes that are not used yet. Throws RangeError where the area ends: what lies behind is somebody else's. */
  room(length: number): number {
    const address = this.#next;
    if (address + length > this.#end) throw new RangeError('the piece of memory is too small for this');
    this.#next += length;
    return address;
  }

  /** The bytes themselves: to be copied before the area ends. */
  view(address: number, length: number): Uint8Array {
    return this.#heap.subarray(address, address + length);
  }
}

/** Lends an area of so many bytes and wipes it afterwards: keys and plaintext stay in libsodium's memory for this one call only. */
export function withArea<T>(length: number, use: (area: SodiumArea) => T): T {
  const library = libsodium();
  const begin = library._malloc(length);
  if (begin === 0) throw new RangeError('libsodium has no memory left');
  try {
    return use(new SodiumArea(library, begin, length));
  } finally {
    library.HEAPU8.fill(0, begin, begin + length);
    library._free(begin);
  }
}
