import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { systemRandom } from '../../src/ops/random.ts';
import { sealField } from '../../src/seal/jwe.ts';
import { sodiumReady } from '../../src/seal/sodium.ts';
import { contest, repeat } from './contest.ts';
import type { Measure } from './measure.ts';

// biome-ignore lint/suspicious/noExplicitAny: untyped foreign library
const jose: any = createRequire(import.meta.url)('node-jose');

const BYTES = 512;
const SDK_OPTIONS = { compact: true, contentAlg: 'A256GCM', protect: '*' };

/** One field for the wire: ours against the way Cisco's JavaScript SDK goes, which reads the key anew for every field. */
export const sealWire: Measure = {
  name: 'seal.wire',
  async run({ quick }) {
    await sodiumReady();
    const random = systemRandom();
    const key = randomBytes(32);
    const text = 'meeting '.repeat(BYTES / 8);
    const jwk = { kty: 'oct', k: key.toString('base64url'), alg: 'A256GCM' };
    const binding = { kid: 'kms://kms.example/keys/1', ctx: '' };
    const ours = () => sealField('A256GCM', key, text, random.bytes(12), binding);
    const theirs = async () => {
      const asKey = await jose.JWK.asKey(jwk);
      const recipient = { key: asKey, header: { alg: 'dir' }, reference: null };
      return jose.JWE.createEncrypt(SDK_OPTIONS, recipient).final(text, 'utf8');
    };
    const result = await contest(repeat(ours), repeat(theirs), {
      rounds: quick ? 7 : 15,
      roundMs: quick ? 200 : 500,
    });
    return {
      'seal.wire_ratio_vs_node_jose': result.ratio,
      'seal.wire_us': 1e6 / result.ours,
      'seal.wire_node_jose_us': 1e6 / result.theirs,
      'seal.wire_bytes': BYTES,
    };
  },
};
