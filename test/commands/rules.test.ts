import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { applianceFolder } from './fake-appliance.ts';
import { program } from './program.ts';

/** A signed pack beside a configuration that names it; the pack knows one provider. */
function signed(t: Parameters<typeof applianceFolder>[0]) {
  const directory = applianceFolder(t);
  const pack = JSON.parse(program(directory, 'rules', 'show').stdout);
  const links = [{ hosts: ['video.nordwind.example'], paths: ['/{room=slug}'] }];
  const own = { ...pack, version: 'ours', providers: [{ id: 'ours', name: 'Ours', links }] };
  writeFileSync(join(directory, 'pack.json'), JSON.stringify(own));
  const key = program(directory, 'rules', 'keygen', 'signing.key').stdout.trim();
  const sign = program(
    directory,
    'rules',
    'sign',
    'pack.json',
    '--key',
    'signing.key',
    '--out',
    'rules.signed',
  );
  const config = join(directory, 'appliance.config.toml');
  const more = `[join_targets]\nrule_pack_file = "rules.signed"\nrule_pack_key = "${key}"\n`;
  writeFileSync(config, readFileSync(config, 'utf8') + more);
  writeFileSync(join(directory, 'a.txt'), 'https://video.nordwind.example/blue');
  return { directory, key, sign };
}

test('a pack is signed and verified without a network, and stands in for the one inside the program', (t) => {
  const { directory, key, sign } = signed(t);
  assert.equal(sign.status, 0, sign.stderr);
  assert.equal(statSync(join(directory, 'signing.key')).mode & 0o777, 0o600);
  const verified = program(directory, 'rules', 'verify', 'rules.signed', '--public-key', key);
  assert.equal(verified.stdout, 'rules.signed is signed with this key: version ours, 1 providers.\n');
  const { stdout } = program(directory, 'explain', 'a.txt', '--json', '--config', 'appliance.config.toml');
  assert.equal(JSON.parse(stdout).winner.provider, 'ours');
  assert.equal(JSON.parse(program(directory, 'explain', 'a.txt', '--json').stdout).winner, null);
});

test('a pack that was changed after it was signed is refused by check, explain and verify', (t) => {
  const { directory, key } = signed(t);
  const file = join(directory, 'rules.signed');
  writeFileSync(file, readFileSync(file, 'utf8').replace('video.nordwind', 'video.evil'));
  const refusal = /rule pack is not signed with join_targets\.rule_pack_key/;
  const check = program(directory, 'config', 'check');
  assert.deepEqual([check.status, refusal.test(check.stderr)], [78, true], check.stderr);
  const explain = program(directory, 'explain', 'a.txt', '--config', 'appliance.config.toml');
  assert.deepEqual([explain.status, refusal.test(explain.stderr)], [78, true], explain.stderr);
  const verified = program(directory, 'rules', 'verify', 'rules.signed', '--public-key', key);
  assert.deepEqual(
    [verified.status, verified.stderr],
    [1, 'hybrid-calendar: rules: rules.signed is not signed with this key.\n'],
  );
});

test('the appliance does not start with a pack of another key', (t) => {
  const { directory } = signed(t);
  const config = join(directory, 'appliance.config.toml');
  const other = Buffer.alloc(32, 7).toString('base64');
  writeFileSync(
    config,
    readFileSync(config, 'utf8').replace(/rule_pack_key = .*/, `rule_pack_key = "${other}"`),
  );
  const { status, stderr } = program(directory, 'run');
  assert.equal(status, 78);
  assert.match(stderr, /rule pack is not signed with join_targets\.rule_pack_key/);
});

test('a pack with rules that can’t be used is not signed', (t) => {
  const { directory } = signed(t);
  const pack = JSON.parse(readFileSync(join(directory, 'pack.json'), 'utf8'));
  pack.providers[0].links[0].hosts = ['co.uk'];
  writeFileSync(join(directory, 'wide.json'), JSON.stringify(pack));
  const { status, stderr } = program(
    directory,
    'rules',
    'sign',
    'wide.json',
    '--key',
    'signing.key',
    '--out',
    'w.signed',
  );
  assert.deepEqual(
    [status, /names a host that is no host below a public suffix: co\.uk/.test(stderr)],
    [1, true],
  );
});

test('a secret key is never written over another file', (t) => {
  const { directory } = signed(t);
  const { status, stderr } = program(directory, 'rules', 'keygen', 'signing.key');
  assert.deepEqual(
    [status, stderr],
    [1, 'hybrid-calendar: rules: the file is there already and is not overwritten.\n'],
  );
});
