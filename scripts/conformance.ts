/**
 * `npm run conformance -- --ingest-url URL --token-file FILE --user UUID --user UUID [--wdm-url URL] [--app-token-file FILE]
 * [--ca-file FILE] [--json]`: examines any server against the published ingest profile; with a token of the first user also what is
 * pushed to apps. It writes sealed nonsense into the lists of the two users, and their
 * presence; take accounts that nobody looks at. Ends with 0 when all was passed, with 1 when something was not, with 2 when it was
 * called wrongly.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { examine, type Outcome } from './conformance/examine.ts';
import type { ServerFacts } from './conformance/server.ts';

const OPTIONS = {
  'ingest-url': { type: 'string' },
  'wdm-url': { type: 'string' },
  'token-file': { type: 'string' },
  'app-token-file': { type: 'string' },
  'ca-file': { type: 'string' },
  user: { type: 'string', multiple: true },
  json: { type: 'boolean', default: false },
} as const;
const EXIT = { passed: 0, failed: 1, usage: 2 } as const;

class UsageError extends Error {}

function readOptions(): { readonly facts: ServerFacts; readonly json: boolean } {
  const { values } = parseArgs({ options: OPTIONS });
  const [one, other, ...more] = values.user ?? [];
  if (one === undefined || other === undefined || more.length > 0)
    throw new UsageError('--user is given twice.');
  const wdm = values['wdm-url'];
  const ca = values['ca-file'];
  const app = values['app-token-file'];
  return {
    json: values.json,
    facts: {
      ingestUrl: address('--ingest-url', values['ingest-url']),
      wdmUrl: wdm === undefined ? null : address('--wdm-url', wdm),
      token: content('--token-file', values['token-file']).trim(),
      appToken: app === undefined ? null : content('--app-token-file', app).trim(),
      users: [one, other],
      caPem: ca === undefined ? null : content('--ca-file', ca),
    },
  };
}

function address(name: string, text = ''): string {
  if (!/^https?:/.test(URL.parse(text)?.protocol ?? '')) throw new UsageError(`${name} wants an address.`);
  return text.replace(/\/+$/, '');
}

function content(name: string, path = ''): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new UsageError(`${name} names no file that can be read.`);
  }
}

function line({ name, flaw }: Outcome): string {
  return flaw === null ? `ok      ${name}\n` : `FAILED  ${name}: ${flaw}\n`;
}

async function main(): Promise<number> {
  const { facts, json } = readOptions();
  const told = (outcome: Outcome): void => void (json || process.stdout.write(line(outcome)));
  const outcomes = await examine(facts, { told });
  const failed = outcomes.filter(({ flaw }) => flaw !== null).length;
  process.stdout.write(
    json ? `${JSON.stringify({ outcomes })}\n` : `${outcomes.length - failed} of ${outcomes.length} passed\n`,
  );
  return failed === 0 ? EXIT.passed : EXIT.failed;
}

function complain(thrown: unknown): number {
  process.stderr.write(`conformance: ${thrown instanceof Error ? thrown.message : thrown}\n`);
  const usage = thrown instanceof UsageError || (thrown instanceof TypeError && 'code' in thrown);
  return usage ? EXIT.usage : EXIT.failed;
}

process.exitCode = await main().catch(complain);
