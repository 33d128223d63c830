import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestContext } from 'node:test';

/** A directory of the test's own. */
export function folder(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'program-'));
  t.after(() => rmSync(directory, { recursive: true }));
  return directory;
}

/** Runs one command of the program from its sources to its end. */
export function program(cwd: string, ...argv: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [resolve('src/main.ts'), ...argv], {
    cwd,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}
