import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../src/domain/app-error.ts';
import { verifyStaticKey } from '../../src/kms/certificate-chain.ts';
import { authority, identity } from './certificates.ts';

const HOST = 'kms.example.org';
const DAY_MS = 86_400_000;
const root = await authority('Root');
const good = await identity(root, { host: HOST });

function refusedWith(reason: string): (thrown: unknown) => boolean {
  return (thrown) =>
    thrown instanceof AppError &&
    thrown.code === 'tampered' &&
    thrown.scope === 'upstream' &&
    thrown.upstream === 'kms' &&
    thrown.reason === reason;
}

test('A static key that a configured root certifies is accepted', () => {
  assert.equal(verifyStaticKey(good.jwk, root.pem, Date.now()).kid, `kms://${HOST}`);
});

test('The right root is found in a bundle, and through an intermediate', async () => {
  const other = await authority('Other root');
  const middle = await authority('Middle', root);
  const { jwk } = await identity(middle, { host: HOST, chain: [middle] });
  assert.equal(verifyStaticKey(jwk, other.pem + root.pem, Date.now()).kid, `kms://${HOST}`);
});

test('The common name counts where there is no alternative name', async () => {
  const { jwk } = await identity(root, { host: HOST, san: false });
  assert.equal(verifyStaticKey(jwk, root.pem, Date.now()).kid, `kms://${HOST}`);
});

test('A chain to a root of the same name with another key is refused', async () => {
  const impostor = await authority('Root');
  const { jwk } = await identity(impostor, { host: HOST, chain: [impostor] });
  assert.throws(() => verifyStaticKey(jwk, root.pem, Date.now()), refusedWith('KMS_CERTIFICATE_CHAIN'));
});

test('No configured root at all refuses everything', () => {
  assert.throws(() => verifyStaticKey(good.jwk, '', Date.now()), refusedWith('KMS_CERTIFICATE_CHAIN'));
});

test('A certificate that may not issue others breaks the chain', async () => {
  const middle = await authority('No authority', root, false);
  const { jwk } = await identity(middle, { host: HOST, chain: [middle] });
  assert.throws(() => verifyStaticKey(jwk, root.pem, Date.now()), refusedWith('KMS_CERTIFICATE_CHAIN'));
});

test('A certificate for another host is refused', async () => {
  const { jwk } = await identity(root, { host: HOST, certified: 'kms.example.com' });
  assert.throws(() => verifyStaticKey(jwk, root.pem, Date.now()), refusedWith('KMS_CERTIFICATE_NAME'));
});

test('A chain outside its validity is refused', () => {
  for (const now of [Date.now() - 2 * DAY_MS, Date.now() + 2 * DAY_MS])
    assert.throws(() => verifyStaticKey(good.jwk, root.pem, now), refusedWith('KMS_CERTIFICATE_EXPIRED'));
});

test('A certificate for another key, and a JWK that is no RSA key, are refused', async () => {
  const other = await identity(root, { host: HOST });
  for (const jwk of [{ ...good.jwk, n: other.jwk.n }, { ...good.jwk, x5c: [] }, { kty: 'EC' }, null])
    assert.throws(() => verifyStaticKey(jwk, root.pem, Date.now()), refusedWith('KMS_CERTIFICATE_KEY'));
});
