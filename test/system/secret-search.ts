import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Paths of all files below a directory. */
export function filesBelow(directory: string): string[] {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** Whether the secret stands in the bytes: as it is, escaped for JSON or an address, as hex, as base64 or in UTF-16. */
export function contains(bytes: Buffer, secret: string): boolean {
  return formsOf(secret).some((form) => bytes.includes(form));
}

const known = new Map<string, readonly Buffer[]>();

function formsOf(secret: string): readonly Buffer[] {
  const forms = known.get(secret) ?? makeForms(secret);
  known.set(secret, forms);
  return forms;
}

function makeForms(secret: string): readonly Buffer[] {
  const hex = Buffer.from(secret).toString('hex');
  const texts = new Set([
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    hex,
    hex.toUpperCase(),
    ...base64Forms(secret),
  ]);
  return [...texts].flatMap((text) => [Buffer.from(text), Buffer.from(text, 'utf16le')]);
}

/** What stands in a base64 text, whatever stands before and behind the secret; both alphabets. */
function base64Forms(secret: string): string[] {
  return [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]).toString('base64');
    const inner = text.slice(before === 0 ? 0 : 4, -4);
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
