import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applianceFolder, start } from './fake-appliance.ts';

const CASES = [
  [['mailbos', 'list'], 'there is no command "mailbos". Did you mean "mailbox"?'],
  [['statu'], 'there is no command "statu". Did you mean "status"?'],
  [['frobnicate'], 'there is no command "frobnicate". "hybrid-calendar help" lists them.'],
  [['help', 'stagin'], 'there is no command "stagin". Did you mean "staging"?'],
  [['mailbox', 'list', '--jsn'], 'mailbox: there is no option --jsn. Did you mean "--json"?'],
  [['run', '--confg', 'x'], 'run: there is no option --confg. Did you mean "--config"?'],
  [['status', '--verbose-please'], 'status: there is no option --verbose-please.'],
  [['status', '-x'], 'status: there is no option -x.'],
  [['mailbox', 'lst'], 'mailbox: there is no action "lst". Did you mean "list"?'],
  [['mailbox'], 'mailbox: the action is missing: add, list, retry, remove, forget, export, resync or set.'],
  [['mailbox', 'add'], 'mailbox: the address is missing.'],
  [['mailbox', 'list', '--config'], "mailbox: Option '--config <value>' argument missing."],
  [['mailbox', 'list', '--json=yes'], "mailbox: Option '--json' does not take an argument."],
  [['config', 'chek'], 'config: there is no action "chek". Did you mean "check"?'],
  [['admin', 'set-password'], 'admin: the administrator’s name is missing.'],
  [['setup'], 'setup: the action is missing: link.'],
  [['setup', 'link', '--output', ''], 'setup: --output wants the path of a file.'],
  [['status', 'now'], 'status: status takes no arguments.'],
  [
    ['staging', '--credential', 'certifcate'],
    'staging: there is no credential "certifcate". Did you mean "certificate"?',
  ],
  [['book', '--subjct', 'x'], 'book: there is no option --subjct. Did you mean "--subject"?'],
] as const;

test('a mistake is named with the nearest word, on standard error, and is exit code 2', async (t) => {
  const folder = applianceFolder(t);
  for (const [argv, message] of CASES) {
    const { code, stdout, stderr } = await start(folder, argv);
    assert.deepEqual([code, stdout], [2, ''], argv.join(' '));
    const [first, ...usage] = stderr.trimEnd().split('\n');
    assert.equal(first, `hybrid-calendar: ${message}`);
    assert.ok(usage.every((line) => line.startsWith('usage: hybrid-calendar ')));
  }
});
