import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { bench } from './kms-bench.ts';
import { text } from './kms-rig.ts';

interface Seen {
  readonly bytes: Uint8Array;
  /** As they were when they came by. */
  readonly text: string;
}

test('Plain requests and answers are wiped: the token and the keys stay in no buffer of ours', async (t) => {
  const { kms, keys } = await bench(t);
  const [encoded, decoded]: [Seen[], Seen[]] = [[], []];
  const { encode } = TextEncoder.prototype;
  const { decode } = TextDecoder.prototype;
  mock.method(TextEncoder.prototype, 'encode', function (this: TextEncoder, plain: string) {
    const bytes = encode.call(this, plain);
    encoded.push({ bytes, text: plain });
    return bytes;
  });
  mock.method(TextDecoder.prototype, 'decode', function (this: TextDecoder, bytes: Uint8Array) {
    const plain = decode.call(this, bytes);
    decoded.push({ bytes, text: plain });
    return plain;
  });
  t.after(() => mock.restoreAll());
  const { uri, jwk } = kms.addKey();
  assert.equal(await keys.withKey(uri, text), jwk.k);
  const requests = encoded.filter((one) => one.text.includes('"bearer"'));
  const answers = decoded.filter((one) => one.text.includes('"status"'));
  assert.equal(requests.length, 2, 'the handshake and the question');
  assert.equal(answers.length, 2);
  assert.ok(answers.some((one) => one.text.includes(jwk.k)));
  for (const { bytes, text: plain } of [...requests, ...answers])
    assert.ok(
      bytes.every((byte) => byte === 0),
      plain.slice(0, 20),
    );
});
