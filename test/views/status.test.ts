import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'parse5';
import type { StatusFacts } from '../../src/domain/status.ts';
import { APP_SCRIPT } from '../../views/app-script.ts';
import { duration } from '../../views/parts.ts';
import { statusPage } from '../../views/status.ts';
import { HEALTHY, NOW, TROUBLED } from '../web/status-samples.ts';

const assets = { style: '/style.css', script: '/app.js', setupScript: '/setup.js', icon: '/icon.svg' };

function render(facts: StatusFacts, admin = 'ops'): string {
  return String(statusPage({ assets, lab: facts.lab, admin, facts, mark: 'mark' }));
}

const PAYLOADS = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' autofocus onfocus='alert(1)",
  '</title><svg onload=alert(1)>',
  '<!--><x onclick=alert(1)>',
  'javascript:alert(1)',
  '&lt;script&gt;',
  '{{constructor.constructor("alert(1)")()}}',
];

interface Node {
  readonly nodeName: string;
  readonly attrs?: readonly { readonly name: string; readonly value: string }[];
  readonly childNodes?: readonly Node[];
}

/** Elements and attribute names in order: the shape of a page whatever its texts. */
function shapeOf(source: string): string[] {
  const shape: string[] = [];
  const walk = (node: Node) => {
    if (!node.nodeName.startsWith('#')) {
      shape.push(`${node.nodeName} ${(node.attrs ?? []).map((a) => a.name).join(' ')}`);
    }
    for (const child of node.childNodes ?? []) walk(child);
  };
  walk(parse(source));
  return shape;
}

function filledWith(payload: string): StatusFacts {
  const [mailbox] = HEALTHY.mailboxes;
  const [delivery] = HEALTHY.deliveries;
  assert.ok(mailbox !== undefined && delivery !== undefined);
  return {
    ...TROUBLED,
    version: payload,
    tenantId: payload,
    overallReason: payload,
    stages: TROUBLED.stages.map((stage) => ({ ...stage, reason: payload })),
    alarms: TROUBLED.alarms.map((alarm) => ({ ...alarm, subject: payload, reason: payload })),
    mailboxes: [{ ...mailbox, address: payload, reason: payload }],
    deliveries: [{ ...delivery, address: payload, meetingId: payload }],
  };
}

test('S5: hostile texts in every displayed field stay texts', () => {
  const expected = shapeOf(render(filledWith('plain')));
  for (const payload of PAYLOADS) {
    assert.deepEqual(shapeOf(render(filledWith(payload), payload)), expected, payload);
  }
});

test('the page holds no inline script, style or handler', () => {
  const source = render(TROUBLED);
  assert.doesNotMatch(source, /<script(?! src=)|<style|\sstyle=|\son\w+=/);
});

test('the browser script is smaller than 2 kB', () => {
  assert.ok(Buffer.byteLength(APP_SCRIPT) < 2048);
});

test('shows the state, the LAB badge, alarms by severity and what needs attention first', () => {
  const source = render(TROUBLED);
  assert.match(source, /<title>Outage/);
  assert.match(source, />LAB</);
  assert.ok(source.indexOf('does not answer</h3>') < source.indexOf('A mailbox can’t be served'));
  const rows = source.slice(source.indexOf('id="mailboxes"'));
  assert.ok(rows.indexOf('chen.wei') < rows.indexOf('alex.berg'));
  assert.match(source, /Since <time[^>]*>7 min ago<\/time>/);
  assert.doesNotMatch(render({ ...HEALTHY, lab: false }), />LAB</);
});

test('an alarm and a mailbox say in words why, who acts and when the next try is', () => {
  const alarms = [
    { id: 'graph-refused', subject: '', since: NOW - 60_000, reason: 'GRAPH_SECRET_EXPIRED' },
  ] as const;
  const source = render({ ...TROUBLED, alarms });
  assert.match(source, /The client secret is past its end\. The Microsoft 365 administrator makes a new one/);
  assert.match(source, /KMS_UNREACHABLE<\/code> Next try <time[^>]*>in 42 s<\/time>/);
  assert.match(
    source,
    /An application access policy keeps the appliance out[^<]* For the Microsoft 365 administrator\. Next try/,
  );
});

test('an address that can’t be opened is named by its number', () => {
  const mailboxes = HEALTHY.mailboxes.map((one) => ({ ...one, address: null }));
  assert.match(render({ ...HEALTHY, mailboxes }), /Mailbox 1 \(address locked\)/);
});

test('says what to do when nothing is there yet', () => {
  const source = render({ ...HEALTHY, mailboxes: [], deliveries: [] });
  assert.match(source, /hybrid-calendar mailbox add ADDRESS/);
  assert.match(source, /Nothing has been delivered yet/);
});

test('a large installation shows its first fifty mailboxes and says so', () => {
  const [one] = HEALTHY.mailboxes;
  assert.ok(one !== undefined);
  const mailboxes = Array.from({ length: 75_000 }, (_, n) => ({
    ...one,
    id: n + 1,
    address: `u${n}@x.example`,
  }));
  const source = render({ ...HEALTHY, mailboxes });
  assert.match(source, /74,950 more are not shown/);
  assert.ok(source.length < 60_000);
});

test('durations are said in the two largest units', () => {
  const said = [0, 12_000, 61_000, 3_600_000, 7_260_000, 2 * 86_400_000 + 4 * 3_600_000].map(duration);
  assert.deepEqual(said, ['0 s', '12 s', '1 min', '1 h', '2 h 1 min', '2 d 4 h']);
});

test('an instant carries its exact form', () => {
  assert.ok(render(HEALTHY).includes(`datetime="${new Date(NOW - 4000).toISOString()}"`));
});

test('the box of the keys says for how long those in memory serve while the KMS is away', () => {
  const away = (firstEndAt: number | null, lastEndAt: number | null): string =>
    render({ ...TROUBLED, keyOutage: { since: NOW, reason: 'KMS_TIMEOUT', firstEndAt, lastEndAt } });
  assert.match(away(NOW + 60_000, NOW + 120_000), /Keys in memory serve until <time/);
  assert.match(away(NOW, NOW + 120_000), /The last key in memory serves until <time/);
  for (const page of [away(NOW, NOW), away(null, null)])
    assert.match(page, /No key in memory serves: changes wait\./);
  assert.doesNotMatch(render(HEALTHY), /in memory/);
});
