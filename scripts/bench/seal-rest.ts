import { randomBytes } from 'node:crypto';
import sodium from 'libsodium-wrappers';
import type { Place } from '../../src/domain/place.ts';
import { systemRandom } from '../../src/ops/random.ts';
import { canonicalJson } from '../../src/seal/canonical.ts';
import { sealEnvelope } from '../../src/seal/envelope.ts';
import { sodiumReady } from '../../src/seal/sodium.ts';
import { contest, repeat } from './contest.ts';
import type { Measure } from './measure.ts';
import { SAMPLE_MEETING } from './sample-meeting.ts';

const URI = 'kms://kms.nordwind.example/keys/3f0b8a52-9f0e-4a39-8c53-1f2d6a7b9c10';
const PLACE: Place = {
  purpose: 'meeting',
  tenant: '0d5f1a0e-8c4b-4a4e-9b1d-6c1b0a5d2e77',
  mailbox: '1042',
  event: SAMPLE_MEETING.seriesId,
  version: 3,
};

/** One envelope: ours, with subkey and binding to its place, against the bare cipher of libsodium-wrappers without either. */
export const sealRest: Measure = {
  name: 'seal.rest',
  async run({ quick }) {
    await sodiumReady();
    const sizes = { rounds: quick ? 7 : 15, roundMs: quick ? 150 : 500 };
    const meeting = canonicalJson(SAMPLE_MEETING);
    const real = await envelopeAgainstRaw(meeting, sizes);
    const small = await envelopeAgainstRaw(randomBytes(512), sizes);
    return {
      'seal.rest_ratio_vs_raw': real.ratio,
      'seal.rest_us': 1e6 / real.ours,
      'seal.rest_raw_us': 1e6 / real.theirs,
      'seal.rest_bytes': meeting.length,
      'seal.rest_512_ratio_vs_raw': small.ratio,
      'seal.rest_512_us': 1e6 / small.ours,
      'seal.rest_512_raw_us': 1e6 / small.theirs,
    };
  },
};

function envelopeAgainstRaw(plain: Uint8Array, sizes: { rounds: number; roundMs: number }) {
  const random = systemRandom();
  const key = randomBytes(32);
  const ours = () => sealEnvelope(key, URI, PLACE, plain, random.bytes(24));
  const theirs = () =>
    sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(plain, null, null, random.bytes(24), key);
  return contest(repeat(ours), repeat(theirs), sizes);
}
