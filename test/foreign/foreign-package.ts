import { createRequire } from 'node:module';

// None of them carries types that fit; each test says what it expects of one.
// biome-ignore lint/suspicious/noExplicitAny: untyped foreign library
type Foreign = any;

const require = createRequire(import.meta.url);

/** A package of this folder's own node_modules. */
export function foreignPackage(name: string): Foreign {
  return require(name);
}
