import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { systemRandom } from '../../src/ops/random.ts';
import { sealField } from '../../src/seal/jwe.ts';
import { nonceDrawer } from '../../src/seal/nonces.ts';
import { sodiumReady } from '../../src/seal/sodium.ts';
import { contest, repeat } from './contest.ts';
import type { Measure } from './measure.ts';

// biome-ignore lint/suspicious/noExplicitAny: untyped foreign library
const jose: any = createRequire(import.meta.url)('node-jose');

const URI = 'kms://kms.nordwind.example/keys/3f0b8a52-9f0e-4a39-8c53-1f2d6a7b9c10';
const BYTES = 512;
/** As many as a meeting of seven people has. */
const FIELDS_OF_AN_ITEM = 16;
const SDK_OPTIONS = { compact: true, contentAlg: 'A256GCM', protect: '*' };

/** The fields of one item for the wire: ours against the way Cisco's JavaScript SDK goes, which reads the key anew for each. */
export const sealWire: Measure = {
  name: 'seal.wire',
  async run({ quick }) {
    await sodiumReady();
    const key = randomBytes(32);
    const text = 'meeting '.repeat(BYTES / 8);
    const sizes = { rounds: quick ? 7 : 15, roundMs: quick ? 200 : 500 };
    const result = await contest(repeat(ourItem(key, text)), repeat(theirItem(key, text)), sizes);
    return {
      'seal.wire_ratio_vs_node_jose': result.ratio,
      'seal.wire_us': 1e6 / result.ours / FIELDS_OF_AN_ITEM,
      'seal.wire_node_jose_us': 1e6 / result.theirs / FIELDS_OF_AN_ITEM,
      'seal.wire_bytes': BYTES,
    };
  },
};

function ourItem(key: Uint8Array, text: string): () => void {
  const random = systemRandom();
  const binding = { kid: URI, ctx: '' };
  return () => {
    const nonce = nonceDrawer(random, 12);
    for (let n = 0; n < FIELDS_OF_AN_ITEM; n += 1) sealField('A256GCM', key, text, nonce(), binding);
  };
}

function theirItem(key: Buffer, text: string): () => Promise<void> {
  const jwk = { kty: 'oct', kid: URI, k: key.toString('base64url') };
  return async () => {
    for (let n = 0; n < FIELDS_OF_AN_ITEM; n += 1) {
      const recipient = { key: await jose.JWK.asKey(jwk), header: { alg: 'dir' }, reference: null };
      await jose.JWE.createEncrypt(SDK_OPTIONS, recipient).final(text, 'utf8');
    }
  };
}
