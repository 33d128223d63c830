import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isMailboxAddress, normaliseAddress } from '../../src/domain/address.ts';

test('an address is one however it is written', () => {
  const decomposed = 'm\u0075\u0308ller';
  for (const domain of ['müller.example', 'MÜLLER.example', `${decomposed}.example`, 'xn--mller-kva.EXAMPLE'])
    assert.equal(normaliseAddress(` Ann@${domain} `), 'ann@xn--mller-kva.example');
  assert.equal(normaliseAddress('ann@例え.テスト'), 'ann@xn--r8jz45g.xn--zckzah');
  assert.equal(normaliseAddress("O'Neil+x#1@Example.com"), "o'neil+x#1@example.com");
});

test('what is no domain is left alone and equals only itself', () => {
  for (const odd of ['nobody', 'ann@', 'ann@1.2', 'ann@ü ber', '/o=exchange/cn=ann'])
    assert.equal(normaliseAddress(odd), odd);
});

test('a mailbox address is what Exchange Online takes', () => {
  for (const good of [
    "o'neil@a.example",
    'a+b@a.example',
    'a#b@a.example',
    'a@b.xn--p1ai',
    'a_b-c.d@a.b.example',
  ])
    assert.equal(isMailboxAddress(good), true, good);
  for (const bad of [
    '"a b"@a.example',
    'a..b@a.example',
    '.a@a.example',
    'a.@a.example',
    'jörg@a.example',
    'a@müller.example',
    'a@b',
    'a@1.2',
    'a@-b.example',
    'a b@a.example',
    `${'x'.repeat(65)}@a.example`,
  ])
    assert.equal(isMailboxAddress(bad), false, bad);
});
