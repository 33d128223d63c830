import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLEAR_FIELDS, type ClearField } from '../../src/domain/clear-fields.ts';
import { contains } from './secret-search.ts';

/** A request on the record of what was sent. */
export interface WireRow {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

type Host = ClearField['host'];

/** The records of what was sent towards each, by its file's name; and where the calls of the closed list begin. */
const WIRES = {
  'webex-wire.jsonl': { host: 'webex.api_url', api: '/v1' },
  'graph-wire.jsonl': { host: 'graph.graph_url', api: '/v1.0' },
} as const satisfies Record<string, { host: Host; api: string }>;

export type Wire = keyof typeof WIRES;

/** The lines of a record. */
export function linesOf(installation: { readonly directory: string }, wire: Wire): string[] {
  return readFileSync(join(installation.directory, 'cloud', wire), 'utf8')
    .trim()
    .split('\n');
}

/** Requests that hold one of the secrets anywhere but in a field of the closed list; all switches are off. */
export function leaksIn(lines: readonly string[], secrets: readonly string[], wire: Wire): WireRow[] {
  return rowsOf(lines).filter((row) => holds(withoutAllowed(row, wire), secrets));
}

/** Fields of the closed list, as `call field`, in which one of the secrets was sent and nowhere else beside them. */
export function usedFields(lines: readonly string[], secrets: readonly string[], wire: Wire): Set<string> {
  const used = rowsOf(lines).flatMap((row) => {
    const fields = holds(withoutAllowed(row, wire), secrets) ? [] : allowed(row, wire);
    return fields.filter((one) =>
      holds(fields.filter((other) => other !== one).reduce(without, row), secrets),
    );
  });
  return new Set(used.map(({ call, field }) => `${call} ${field}`));
}

function holds(row: WireRow, secrets: readonly string[]): boolean {
  const text = Buffer.from(JSON.stringify(row));
  return secrets.some((secret) => contains(text, secret));
}

function rowsOf(lines: readonly string[]): WireRow[] {
  return lines.map((line): WireRow => JSON.parse(line));
}

/** The request without what the closed list lets out of it. */
function withoutAllowed(row: WireRow, wire: Wire): WireRow {
  return allowed(row, wire).reduce(without, row);
}

/** Fields of the closed list that nobody has to switch on, of this call. */
function allowed(row: WireRow, wire: Wire): readonly ClearField[] {
  const { host, api } = WIRES[wire];
  const path = pathOf(row).pathname;
  return CLEAR_FIELDS.filter(
    (one) => one.host === host && one.switch === null && isCall(one.call, row.method, path, api),
  );
}

/** The request without one field: of its query, of its body, or the mailbox that its path names. */
function without(row: WireRow, { field }: ClearField): WireRow {
  const url = pathOf(row);
  url.searchParams.delete(field);
  const path = field === 'address' ? url.pathname.replace(/\/users\/[^/]+/, '/users/…') : url.pathname;
  return { ...row, path: path + url.search, body: row.body === '' ? '' : bodyWithout(row.body, field) };
}

function pathOf({ path }: WireRow): URL {
  return new URL(path, 'https://wire.invalid');
}

function isCall(call: string, method: string, path: string, api: string): boolean {
  const [wanted, template = ''] = call.split(' ');
  const pattern = new RegExp(`^${api}${template.replaceAll('{id}', '[^/]+')}$`);
  return method === wanted && pattern.test(path);
}

function bodyWithout(body: string, field: string): string {
  const entries = Object.entries(JSON.parse(body)).filter(([name]) => name !== field);
  return JSON.stringify(Object.fromEntries(entries));
}
