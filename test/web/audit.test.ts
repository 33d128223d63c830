import assert from 'node:assert/strict';
import { test } from 'node:test';
import { neverTold } from '../../src/domain/audit-facts.ts';
import { auditPage } from '../../views/audit.ts';
import { AUDIT_FACTS, chained } from './audit-sample.ts';
import { NOW } from './status-samples.ts';
import { call, cookieOf, openAdmin, SAME_ORIGIN, signIn } from './web-rig.ts';

test('the page shows the last rows, to who is signed in', async () => {
  await using rig = await openAdmin();
  assert.equal((await call(rig.listening, '/audit')).status, 303);
  const cookie = cookieOf(await signIn(rig));
  const { status, text } = await call(rig.listening, '/audit', { headers: { cookie } });
  assert.equal(status, 200);
  assert.match(text, /<code>mailbox\.remove<\/code>/);
  assert.match(text, /Mailbox 3 <code>abababababababab<\/code>/);
  assert.match(text, /12 times/);
  assert.ok(text.indexOf('nobody known') < text.indexOf('mailbox.remove'), 'the newest comes first');
});

test('the page tells what is under way from what nobody knows the end of', () => {
  const [begun] = chained([{ ...AUDIT_FACTS, phase: 'intent', outcome: null }]);
  assert.ok(begun !== undefined);
  const entries = chained([begun, neverTold(begun, NOW)]);
  const assets = { style: '', script: '', setupScript: '', icon: '' };
  const cells = String(auditPage({ assets, lab: false, admin: 'ops', now: NOW, entries })).split('</tr>');
  assert.match(cells[1] ?? '', /<span>begun<\/span>/);
  assert.match(cells[2] ?? '', /<td>appliance <code>/);
  assert.match(
    cells[2] ?? '',
    /<span>not known how it ended<\/span><\/span> \(1\) <code>PROCESS_ENDED<\/code>/,
  );
});

test('the audit log is told who signs in and out, who fails and who retries', async () => {
  await using rig = await openAdmin();
  const address = '198.51.100.7';
  await signIn(rig, { password: 'wrong', address });
  await signIn(rig, { name: 'my-password-by-mistake', address });
  const cookie = cookieOf(await signIn(rig, { address }));
  const headers = { ...SAME_ORIGIN, cookie, 'x-test-address': address };
  await call(rig.listening, '/mailboxes/1/retry', { method: 'POST', headers });
  await call(rig.listening, '/sign-out', { method: 'POST', headers });
  await call(rig.listening, '/sign-out', { method: 'POST', headers });
  assert.deepEqual(rig.acted, [
    `failure ops ${address}`,
    `failure null ${address}`,
    `success ops ${address}`,
    'retry ops',
    `sign-out ops ${address}`,
  ]);
});
