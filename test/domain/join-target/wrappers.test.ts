import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtInRules } from '../../../src/domain/join-target/built-in-rules.ts';
import { readLink } from '../../../src/domain/join-target/link-reading.ts';

const { index } = builtInRules();
const ZOOM = 'https://us02web.zoom.us/j/812345678?pwd=a_b-c*d.1';
const PLAIN = 'https://zoom.us/j/812345678';
const encoded = encodeURIComponent(PLAIN);

const read = (link: string) => readLink(link, index);

test('each wrapper that can be opened without a network is opened', () => {
  const stars = Buffer.from('_*').toString('base64');
  const wrapped: [link: string, inside: string][] = [
    [`https://nam12.safelinks.protection.outlook.com/?url=${encoded}&data=05&sdata=x`, PLAIN],
    [`https://gcc02.safelinks.protection.office365.us/?url=${encoded}`, PLAIN],
    [
      `https://statics.teams.cdn.office.net/evergreen-assets/safelinks/1/atp-safelinks.html?url=${encoded}`,
      PLAIN,
    ],
    [`https://urldefense.proofpoint.com/v1/url?u=${encoded}&k=x`, PLAIN],
    ['https://urldefense.proofpoint.com/v2/url?u=https-3A__zoom.us_j_812345678&d=DwMF&c=x', PLAIN],
    [`https://urldefense.com/v3/__${PLAIN}__;!!abc!x$`, PLAIN],
    [`https://urldefense.com/v3/__https:/zoom.us/j/812345678__;!!abc!x$`, PLAIN],
    [
      `https://urldefense.com/v3/__https://us02web.zoom.us/j/812345678?pwd=a*b-c*d.1__;${stars}!!abc!x$`,
      ZOOM,
    ],
    [`https://linkprotect.cudasvc.com/url?a=${encoded}&c=E,1,x`, PLAIN],
    [`https://secure-web.cisco.com/1AbC-dEf/${encoded}`, PLAIN],
    [`https://www.google.com/url?q=${encoded}&sa=D`, PLAIN],
    [`https://www.google.co.uk/url?sa=t&url=${encoded}`, PLAIN],
    [
      `https://eu-west-1.protection.sophos.com/?d=zoom.us&u=${Buffer.from(PLAIN).toString('base64')}&p=m`,
      PLAIN,
    ],
    [`https://protect.checkpoint.com/v2/___${PLAIN}___.YXBz`, PLAIN],
    [`http://www.google.com/url?q=${encoded}`, PLAIN],
  ];
  for (const [link, inside] of wrapped) {
    const reading = read(link);
    assert.deepEqual([reading?.address, reading?.recognition.kind], [inside, 'join'], link);
  }
});

test('runs that Proofpoint took out are put back', () => {
  const removed = Buffer.from('%3A%40').toString('base64url');
  const link = `https://urldefense.com/v3/__https://teams.microsoft.com/l/meetup-join/19**Bmeeting_x**Bthread.v2/0__;${removed}!!x$`;
  assert.equal(read(link)?.address, 'https://teams.microsoft.com/l/meetup-join/19%3Ameeting_x%40thread.v2/0');
});

test('wrappers in wrappers are opened, but not without end', () => {
  const wrap = (link: string) =>
    `https://eur01.safelinks.protection.outlook.com/?url=${encodeURIComponent(link)}`;
  const proofpoint = `https://urldefense.com/v3/__${wrap(PLAIN)}__;!!x$`;
  assert.equal(read(wrap(proofpoint))?.address, PLAIN);
  let deep = PLAIN;
  for (let index = 0; index < 12; index += 1) deep = wrap(deep);
  assert.equal(read(deep), null);
});

test('wrappers that only their own service can open are named', () => {
  for (const [link, wrapper] of [
    ['https://protect-eu.mimecast.com/s/AbC?domain=zoom.us', 'mimecast'],
    ['https://url.uk.m.mimecastprotect.com/s/AbC', 'mimecast'],
    ['https://link.edgepilot.com/s/abc', 'edgepilot'],
    ['https://protect.checkpoint.com/v2/r01/___mxxux://ettr.zx___.x', 'check-point'],
    ['https://bit.ly/abc', 'short-link'],
  ] as const)
    assert.deepEqual(read(link)?.recognition, { kind: 'wrapped', wrapper }, link);
});

test('what only looks like a wrapper is an ordinary link', () => {
  for (const link of [
    `https://safelinks.protection.outlook.com.evil.example/?url=${encoded}`,
    `https://google.evil.example/url?q=${encoded}`,
    `https://evil.example/url?q=${encoded}`,
    `https://www.google.com/search?q=${encoded}`,
    'https://nam12.safelinks.protection.outlook.com/?url=javascript%3Aalert(1)',
    'https://nam12.safelinks.protection.outlook.com/?url=http%3A%2F%2Fzoom.us%2Fj%2F812345678',
  ])
    assert.equal(read(link), null, link);
});
