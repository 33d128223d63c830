import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, watch } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { Installation } from './installation.ts';

const BESIDE = {
  HYBRID_CALENDAR_WEB__PUBLIC__LISTEN: '127.0.0.1:0',
  HYBRID_CALENDAR_WEB__ADMIN__LISTEN: '127.0.0.1:0',
  HYBRID_CALENDAR_SYNC__MODE: 'delta',
};

describe('a stop', () => {
  let installation: Installation;
  before(async () => {
    installation = await Installation.start();
  });
  after(() => installation.stop());

  test('in the middle of the start ends the appliance in order, as soon as it has started', async () => {
    const [staged, beside] = [installation.facts.applianceDir, join(installation.directory, 'beside')];
    cpSync(join(staged, 'secrets'), join(beside, 'secrets'), { recursive: true });
    cpSync(join(staged, 'appliance.config.toml'), join(beside, 'appliance.config.toml'));
    const argv = ['src/main.ts', 'run', '--config', join(beside, 'appliance.config.toml')];
    const child = spawn(process.execPath, argv, { env: { ...process.env, ...BESIDE }, stdio: 'pipe' });
    const [stdout, stderr, exit] = [text(child.stdout), text(child.stderr), once(child, 'exit')];
    await exists(beside, join('data', 'hybrid-calendar.db'));
    child.kill('SIGTERM');
    assert.deepEqual(await exit, [0, null], await stderr);
    const events = (await stdout).split('\n').filter(Boolean);
    const told = events.map((line) => JSON.parse(line).event).filter((name) => name.startsWith('appliance.'));
    assert.deepEqual(told, ['appliance.started', 'appliance.stopping']);
  });

  test('staging that was stopped leaves no word of what does not run any more', async () => {
    const facts = join(installation.directory, 'staging.json');
    assert.equal(existsSync(facts), true);
    await installation.stop({ keepFiles: true });
    assert.equal(existsSync(facts), false);
  });
});

/** The file that the start makes in the middle of its work. */
async function exists(directory: string, name: string): Promise<void> {
  const watcher = watch(directory, { recursive: true });
  const found = (): boolean => existsSync(join(directory, name));
  while (!found()) await once(watcher, 'change');
  watcher.close();
}
