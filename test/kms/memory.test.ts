import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { KeyOrder } from './key-holder.ts';
import { SmallKms } from './small-kms.ts';

const KEYS = 20;
const PIECE_BYTES = 4 * 1024 * 1024;
/** Longer than what is looked for, so that nothing hides between two pieces. */
const OVERLAP_BYTES = 64;

test('A process that has used keys holds each until it lets go of them, and afterwards none', async (t) => {
  const kms = await new SmallKms().start();
  const made = Array.from({ length: KEYS }, () => kms.addKey());
  const raw = made.map(({ jwk }) => Buffer.from(jwk.k, 'base64url'));
  const holder = fork(fileURLToPath(new URL('key-holder.ts', import.meta.url)));
  t.after(() => {
    holder.kill();
    kms.stop();
  });
  assert.deepEqual(await once(holder, 'message'), ['ready', undefined]);
  if (!mayLookInto(holder)) {
    t.skip('the memory of another process can not be read here');
    return;
  }
  const order: KeyOrder = { url: kms.url, rootsPem: kms.rootsPem, uris: made.map(({ uri }) => uri) };
  assert.deepEqual(await told(holder, order), ['held', undefined]);
  assert.ok(
    copiesIn(holder, raw).every((copies) => copies >= 1),
    'they are found while they are held',
  );
  assert.deepEqual(await told(holder, 'let go'), ['closed', undefined]);
  assert.deepEqual(
    copiesIn(holder, raw),
    raw.map(() => 0),
  );
  const exit = once(holder, 'exit');
  holder.send('end');
  await exit;
});

async function told(holder: ChildProcess, message: KeyOrder | string): Promise<unknown[]> {
  const answer = once(holder, 'message');
  holder.send(message);
  return await answer;
}

function mayLookInto({ pid }: ChildProcess): boolean {
  try {
    closeSync(openSync(`/proc/${pid}/mem`, 'r'));
    return true;
  } catch {
    return false;
  }
}

/** How often each pattern stands in the writable memory of a process. */
function copiesIn({ pid }: ChildProcess, patterns: readonly Buffer[]): number[] {
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  const counts = patterns.map(() => 0);
  const piece = Buffer.alloc(PIECE_BYTES);
  for (const line of readFileSync(`/proc/${pid}/maps`, 'latin1').split('\n')) {
    const [, from = '', to = ''] = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line) ?? [];
    for (
      let at = Number.parseInt(from, 16);
      at < Number.parseInt(to, 16);
      at += PIECE_BYTES - OVERLAP_BYTES
    ) {
      const length = Math.min(PIECE_BYTES, Number.parseInt(to, 16) - at);
      const read = piece.subarray(0, readUpTo(memory, piece, length, at));
      for (const [n, pattern] of patterns.entries())
        if (read.includes(pattern)) counts[n] = (counts[n] ?? 0) + 1;
    }
  }
  closeSync(memory);
  return counts;
}

// Some regions are reserved and have nothing in them yet.
function readUpTo(memory: number, piece: Buffer, length: number, at: number): number {
  try {
    return readSync(memory, piece, 0, length, at);
  } catch {
    return 0;
  }
}
