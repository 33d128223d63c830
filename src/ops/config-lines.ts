const PART = /[\w-]+|"[^"]*"|'[^']*'/;
const KEY = new RegExp(`^\\s*((?:${PART.source})(?:\\s*\\.\\s*(?:${PART.source}))*)\\s*=\\s*(.*)$`);
const TABLE = new RegExp(`^\\s*\\[\\[?\\s*((?:${PART.source})(?:\\s*\\.\\s*(?:${PART.source}))*)\\s*\\]`);

/** Where each table and key of a TOML text stands: dotted path to line number (from 1). The parser itself keeps no places. */
export function configLines(toml: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  let table = '';
  let openText: string | null = null;
  toml.split('\n').forEach((line, index) => {
    if (openText !== null) {
      if (line.includes(openText)) openText = null;
      return;
    }
    const [, header] = TABLE.exec(line) ?? [];
    if (header !== undefined) table = dotted(header);
    const [, key, value = ''] = KEY.exec(line) ?? [];
    const path = key === undefined ? table : join(table, dotted(key));
    if ((header !== undefined || key !== undefined) && !lines.has(path)) lines.set(path, index + 1);
    openText = opensText(value);
  });
  return lines;
}

/** The line of the path, or of the nearest table above it; null when neither is in the text. */
export function lineOf(lines: ReadonlyMap<string, number>, path: string): number | null {
  for (let at = path; at !== ''; at = at.includes('.') ? at.slice(0, at.lastIndexOf('.')) : '') {
    const line = lines.get(at);
    if (line !== undefined) return line;
  }
  return null;
}

function dotted(raw: string): string {
  const parts = raw.match(new RegExp(PART.source, 'g')) ?? [];
  return parts.map((part) => part.replace(/^["']|["']$/g, '')).join('.');
}

function join(table: string, key: string): string {
  return table === '' ? key : `${table}.${key}`;
}

/** The quotes that end a text over several lines, when the value begins one that does not end on its line. */
function opensText(value: string): string | null {
  const [quotes] = /^("""|''')/.exec(value) ?? [];
  return quotes !== undefined && !value.slice(3).includes(quotes) ? quotes : null;
}
