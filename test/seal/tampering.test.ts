import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { before, test } from 'node:test';
import { AppError } from '../../src/domain/app-error.ts';
import type { Place } from '../../src/domain/place.ts';
import { openEnvelope, sealEnvelope } from '../../src/seal/envelope.ts';
import { contextOf, type FieldAlgorithm, openField, sealField } from '../../src/seal/jwe.ts';
import { sodiumReady } from '../../src/seal/sodium.ts';

const KEY = Uint8Array.from({ length: 32 }, (_, n) => n);
const URI = 'kms://kms.example/keys/1';
const PLACE: Place = { purpose: 'meeting', tenant: 't', mailbox: '7', event: 'AAMk', version: 3 };
const NONCE_BYTES = { A256GCM: 12, XC20P: 24 } as const;
/** As long as the envelope and the field of the exhaustive tests are to be. */
const ENVELOPE_BYTES = 300;

before(sodiumReady);

/** Throws unless the call is refused in the one way in which everything is refused, giving nothing away. */
function assertRefused(open: () => unknown, what: string): void {
  let given: unknown;
  try {
    given = open();
  } catch (thrown) {
    assert.ok(thrown instanceof AppError, what);
    const { code, reason, scope, message, cause, upstream } = thrown;
    assert.deepEqual(
      { code, reason, scope, message, cause, upstream },
      {
        code: 'tampered',
        reason: 'SEAL_REFUSED',
        scope: 'job',
        message: 'A sealed record does not open: it was changed, moved or put back from an older version.',
        cause: undefined,
        upstream: undefined,
      },
      what,
    );
    return;
  }
  assert.fail(`${what} was opened to ${JSON.stringify(given)}`);
}

function flipped(bytes: Uint8Array, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

test('C3: every flipped bit of an envelope of 300 bytes, every truncation and every addition is refused', () => {
  const plain = randomBytes(ENVELOPE_BYTES - 41);
  const envelope = sealEnvelope(KEY, URI, PLACE, plain, randomBytes(24));
  assert.equal(envelope.length, ENVELOPE_BYTES);
  const open = (bytes: Uint8Array) => () => openEnvelope(KEY, URI, PLACE, bytes);
  for (let bit = 0; bit < envelope.length * 8; bit += 1)
    assertRefused(open(flipped(envelope, bit)), `bit ${bit}`);
  for (let length = 0; length < envelope.length; length += 1) {
    assertRefused(open(envelope.subarray(0, length)), `the first ${length} bytes`);
    assertRefused(open(envelope.subarray(envelope.length - length)), `the last ${length} bytes`);
  }
  for (let byte = 0; byte < 256; byte += 1)
    assertRefused(open(Buffer.concat([envelope, Buffer.of(byte)])), `with byte ${byte} after it`);
  assert.deepEqual(Buffer.from(open(envelope)()), plain);
});

test('C3: an envelope of any other format is refused', () => {
  const envelope = Buffer.from(sealEnvelope(KEY, URI, PLACE, Buffer.from('x'), randomBytes(24)));
  for (let format = 0; format < 256; format += 1) {
    envelope[0] = format;
    if (format !== 1) assertRefused(() => openEnvelope(KEY, URI, PLACE, envelope), `format ${format}`);
  }
});

test('C3: every flipped bit of every key, nonce and piece of text a field is made of is refused', () => {
  for (const algorithm of ['A256GCM', 'XC20P'] as const) {
    const { field, binding } = sealedField(algorithm);
    const parts = field.split('.');
    for (const at of [0, 2, 3, 4]) {
      const bytes = Buffer.from(parts[at] ?? '', 'base64url');
      for (let bit = 0; bit < bytes.length * 8; bit += 1) {
        const bad = parts.with(at, flipped(bytes, bit).toString('base64url')).join('.');
        assertRefused(() => openField(KEY, bad, binding), `${algorithm}: part ${at}, bit ${bit}`);
      }
    }
    for (let bit = 0; bit < KEY.length * 8; bit += 1)
      assertRefused(() => openField(flipped(KEY, bit), field, binding), `${algorithm}: key bit ${bit}`);
  }
});

test('C3: every flipped bit of a field as it is written, every truncation and every addition is refused', () => {
  for (const algorithm of ['A256GCM', 'XC20P'] as const) {
    const { field, text, binding } = sealedField(algorithm);
    const open = (bad: string) => () => openField(KEY, bad, binding);
    const written = Buffer.from(field, 'latin1');
    for (let bit = 0; bit < written.length * 8; bit += 1)
      assertRefused(open(flipped(written, bit).toString('latin1')), `${algorithm}: bit ${bit}`);
    for (let length = 0; length < field.length; length += 1)
      assertRefused(open(field.slice(0, length)), `${algorithm}: the first ${length} characters`);
    for (const more of ['.', 'A', '=', ' ', '\n', '.A', `.${field}`])
      assertRefused(open(field + more), `${algorithm}: with ${JSON.stringify(more)} after it`);
    assert.equal(open(field)(), text);
  }
});

test('C3: a nonce of another length is refused and reaches no memory that is not its own', () => {
  for (const algorithm of ['A256GCM', 'XC20P'] as const) {
    const { field, text, binding } = sealedField(algorithm);
    const parts = field.split('.');
    for (const length of [0, 1, 8, 11, 12, 13, 16, 23, 24, 25, 32, 1_000, 1_000_000]) {
      if (length === NONCE_BYTES[algorithm]) continue;
      const bad = parts.with(2, Buffer.alloc(length, 1).toString('base64url')).join('.');
      assertRefused(() => openField(KEY, bad, binding), `${algorithm}: nonce of ${length} bytes`);
      assert.throws(() => sealField(algorithm, KEY, text, Buffer.alloc(length), binding), RangeError);
    }
    assert.equal(openField(KEY, field, binding), text);
  }
});

test('C4: an envelope opens at its own place alone: 162 places, each against each', () => {
  const places = placesOfAll();
  const sealed = places.map(({ uri, place }) =>
    sealEnvelope(KEY, uri, place, Buffer.from('x'), randomBytes(24)),
  );
  assert.equal(places.length, 162);
  for (const [from, envelope] of sealed.entries()) {
    for (const [to, { uri, place }] of places.entries()) {
      const open = (): Uint8Array => openEnvelope(KEY, uri, place, envelope);
      if (from === to) assert.equal(Buffer.from(open()).toString(), 'x');
      else assertRefused(open, `${JSON.stringify(places[from])} at ${JSON.stringify(places[to])}`);
    }
  }
});

test('C4: an older version put back, a neighbour’s letters and another key are refused', () => {
  const at = (more: Partial<Place>): Place => ({ ...PLACE, ...more });
  const seal = (place: Place) => sealEnvelope(KEY, URI, place, Buffer.from('x'), randomBytes(24));
  for (const version of [0, 1, 2, 4, 30, 33, 2 ** 32 + 3, Number.MAX_SAFE_INTEGER])
    assertRefused(() => openEnvelope(KEY, URI, PLACE, seal(at({ version }))), `version ${version}`);
  for (const shifted of [
    { mailbox: '7A', event: 'AMk' },
    { tenant: 't7', mailbox: '' },
    { mailbox: '', event: '7AAMk' },
    { event: 'AAMk3', version: 3 },
    { tenant: 't\u0000', mailbox: '7' },
  ])
    assertRefused(() => openEnvelope(KEY, URI, PLACE, seal(at(shifted))), JSON.stringify(shifted));
  assertRefused(() => openEnvelope(randomBytes(32), URI, PLACE, seal(PLACE)), 'another key');
});

test('C4: an XC20P field opens under its own key and place alone', () => {
  const places = placesOfAll();
  const bindings = places.map(({ uri, place }) => ({ kid: uri, ctx: contextOf(KEY, place) }));
  // The context says the place, the kid says the key: together they are different for every pair of them.
  assert.equal(new Set(bindings.map(({ kid, ctx }) => `${kid} ${ctx}`)).size, places.length);
  const fields = bindings.map((binding) => sealField('XC20P', KEY, 'x', randomBytes(24), binding));
  for (const [from, field] of fields.entries()) {
    for (const [to, binding] of bindings.entries()) {
      if (from === to) assert.equal(openField(KEY, field, binding), 'x');
      else assertRefused(() => openField(KEY, field, binding), `${from} at ${to}`);
    }
  }
});

function sealedField(algorithm: FieldAlgorithm) {
  const text = 'Möte ✓ 予算';
  const binding = { kid: URI, ctx: contextOf(KEY, PLACE) };
  const field = sealField(algorithm, KEY, text, randomBytes(NONCE_BYTES[algorithm]), binding);
  return { field, text, binding };
}

/** Every combination of a few values of each thing that an envelope is bound to. */
function placesOfAll(): readonly { readonly uri: string; readonly place: Place }[] {
  const all: { uri: string; place: Place }[] = [];
  for (const uri of [URI, `${URI}0`, ''])
    for (const purpose of ['meeting', 'address'] as const)
      for (const tenant of ['t', 'u', ''])
        for (const mailbox of ['7', '8', '77'])
          for (const [event, version] of [
            ['AAMk', 3],
            ['AAMk', 2],
            ['AAMl', 3],
          ] as const)
            all.push({ uri, place: { purpose, tenant, mailbox, event, version } });
  return all;
}
