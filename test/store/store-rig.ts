import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { realClock } from '../../src/ops/clock.ts';
import { systemRandom } from '../../src/ops/random.ts';
import { openStore } from '../../src/store/open.ts';

/** An empty directory that goes with the test. */
export function folder(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'store-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A store on a real file; closed at the end of the test. */
export function opened(t: TestContext, dataDir = folder(t)) {
  const store = openStore({ dataDir, clock: realClock(), random: systemRandom() });
  t.after(() => store.close());
  return store;
}
