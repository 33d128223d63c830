import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brief, configOf, GOOD, HEAD, problemsOf } from './config-sample.ts';

const join = (lines: string): string => `${GOOD}[join_targets]\n${lines}\n`;
const rule = (links: string): string =>
  join(`[[join_targets.rules]]\nid = "ours"\nname = "Ours"\nlinks = [${links}]`);

test('order and rules have defaults, and are read', () => {
  const { keywords: _keywords, ...joinTargets } = configOf(GOOD).joinTargets;
  assert.deepEqual(joinTargets, {
    order: ['keyword', 'online-meeting', 'location', 'block', 'body', 'sip'],
    rulePack: null,
    rules: [],
  });
  const own = configOf(rule('{ hosts = ["video.example.com"], paths = ["/{room=slug}"] }')).joinTargets.rules;
  assert.deepEqual(own, [
    { id: 'ours', name: 'Ours', links: [{ hosts: ['video.example.com'], paths: ['/{room=slug}'] }] },
  ]);
});

test('a source that is none or stands twice is refused', () => {
  assert.deepEqual(brief(problemsOf(join('order = ["body", "header"]'))), [
    [HEAD + 2, 'join_targets.order', 'holds something that is none of the allowed words'],
  ]);
  assert.deepEqual(brief(problemsOf(join('order = ["body", "body"]'))), [
    [HEAD + 2, 'join_targets.order', 'names something twice'],
  ]);
});

test('a rule that would claim the hosts of strangers, or that can’t be read, is refused', () => {
  const problem = (links: string) => brief(problemsOf(rule(links))).map(([, , text]) => text);
  assert.deepEqual(problem('{ hosts = ["co.uk"], paths = ["/x"] }'), [
    '(ours) names a host that is no host below a public suffix: co.uk',
  ]);
  assert.deepEqual(problem('{ hosts = ["video.example.com"], paths = ["/(a+)+$"] }'), []);
  assert.deepEqual(problem('{ hosts = ["video.example.com"], paths = ["/{room"] }'), [
    '(ours) has a template that can’t be read: /{room',
  ]);
  assert.deepEqual(problem('{ hosts = ["video.example.com"], path = ["/x"] }'), [
    'is not a list of rules (0.links.0.paths)',
  ]);
});

test('a rule pack needs its key and the other way round', () => {
  assert.deepEqual(brief(problemsOf(join('rule_pack_file = "rules.signed"'))), [
    [HEAD + 1, 'join_targets.rule_pack_key', 'is needed because join_targets.rule_pack_file is set'],
  ]);
  const short = 'rule_pack_file = "rules.signed"\nrule_pack_key = "abc"';
  assert.deepEqual(brief(problemsOf(join(short))), [
    [HEAD + 3, 'join_targets.rule_pack_key', 'is not an Ed25519 public key'],
  ]);
  const key = Buffer.alloc(32, 1).toString('base64');
  const { rulePack } = configOf(
    join(`rule_pack_file = "rules.signed"\nrule_pack_key = "${key}"`),
  ).joinTargets;
  assert.equal(rulePack?.file, '/etc/hybrid-calendar/rules.signed');
  assert.equal(rulePack?.key.length, 32);
});
