import { CLEAR_FIELDS } from '../../src/domain/clear-fields.ts';
import { contains } from './secret-search.ts';

/** A request on the record of what was sent towards Webex and the KMS. */
export interface WireRow {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Where the public REST API of the simulated Webex begins. */
const API = '/v1';

/** Fields of the closed list that nobody has to switch on, by call. */
const ALWAYS = CLEAR_FIELDS.filter((one) => one.host === 'webex.api_url' && one.switch === null);

/** Requests that hold one of the secrets anywhere but in a field of the closed list; all switches are off. */
export function leaksIn(lines: readonly string[], secrets: readonly string[]): WireRow[] {
  return lines
    .map((line): WireRow => JSON.parse(line))
    .filter((row) => {
      const rest = Buffer.from(JSON.stringify(withoutAllowed(row)));
      return secrets.some((secret) => contains(rest, secret));
    });
}

/** The request without what the closed list lets out of it. */
function withoutAllowed(row: WireRow): WireRow {
  const url = new URL(row.path, 'https://webex.invalid');
  const fields = ALWAYS.filter(({ call }) => isCall(call, row.method, url.pathname)).map(
    ({ field }) => field,
  );
  for (const field of fields) url.searchParams.delete(field);
  const body = fields.length === 0 || row.body === '' ? row.body : bodyWithout(row.body, fields);
  return { ...row, path: url.pathname + url.search, body };
}

function isCall(call: string, method: string, path: string): boolean {
  const [wanted, template = ''] = call.split(' ');
  const pattern = new RegExp(`^${API}${template.replace('{id}', '[^/]+')}$`);
  return method === wanted && pattern.test(path);
}

function bodyWithout(body: string, fields: readonly string[]): string {
  const entries = Object.entries(JSON.parse(body)).filter(([name]) => !fields.includes(name));
  return JSON.stringify(Object.fromEntries(entries));
}
