import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileTypeOf } from '../../../src/domain/invitation-file/file-type.ts';
import { readInvitation } from '../../../src/domain/invitation-file/invitation-file.ts';
import { builtInRules } from '../../../src/domain/join-target/built-in-rules.ts';
import { explanationOf } from '../../../src/domain/join-target/explanation.ts';
import { decideJoinTarget } from '../../../src/domain/join-target/join-target.ts';

const FOLDER = join(import.meta.dirname, '../../fixtures/invitations');
const RULES = builtInRules();

/** As the table writes a decision. */
interface Row {
  readonly provider: string;
  readonly source: string;
  readonly address: string;
  readonly sip: string;
  readonly meetingId: string;
  readonly passcode: string;
  readonly losers: string;
}

const NONE: Row = {
  provider: 'none',
  source: '',
  address: '',
  sip: '',
  meetingId: '',
  passcode: '',
  losers: '',
};

function rowOf(columns: readonly string[]): Row {
  const [provider = '', source = '', address = '', sip = '', meetingId = '', passcode = '', losers = ''] =
    columns;
  // What would have been looked at is written even where nothing is found.
  if (provider === 'none') return NONE;
  return { provider, source, address, sip, meetingId, passcode, losers };
}

async function decided(file: string): Promise<Row> {
  const type = fileTypeOf(file);
  const invitation = type === null ? null : await readInvitation(type, readFileSync(join(FOLDER, file)));
  assert.ok(invitation !== null, 'the file is no invitation');
  const { winner, losers } = explanationOf(decideJoinTarget(invitation, RULES));
  if (winner === null) return NONE;
  return {
    provider: winner.provider,
    source: winner.source,
    address: winner.address ?? '',
    sip: winner.sip ?? '',
    meetingId: winner.meetingId ?? '',
    passcode: winner.passcode ?? '',
    losers: losers.map(({ provider }) => provider).join(','),
  };
}

const table = readFileSync(join(FOLDER, 'table.tsv'), 'utf8').trimEnd().split('\n').slice(1);

test('every invitation of the table is decided as the table says', async (t) => {
  for (const line of table) {
    const [file = '', ...columns] = line.split('\t');
    await t.test(file, async () => assert.deepEqual(await decided(file), rowOf(columns)));
  }
});

test('the table holds 400 invitations or more, 120 of them without a way to join, of 60 providers', () => {
  const providers = table.map((line) => line.split('\t')[1] ?? '');
  assert.ok(table.length >= 400);
  assert.ok(providers.filter((provider) => provider === 'none').length >= 120);
  assert.ok(new Set(providers).size > 60);
});
