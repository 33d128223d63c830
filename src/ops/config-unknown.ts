import { CONFIG_KEYS, isConfigKey } from './config-schema.ts';
import { nearest } from './nearest.ts';

const SECRET_LIKE = /(secret|token|password|passwd|private_key|api_key|credential)$/;

export interface UnknownKey {
  readonly problem: string;
  readonly allowed: string | null;
}

/** What to say about a key that does not exist: secrets are pointed to their file key, typing errors to the nearest key. */
export function explainUnknown(key: string): UnknownKey {
  if (SECRET_LIKE.test(key)) {
    const fileKey = isConfigKey(`${key}_file`) ? `${key}_file` : 'a key that ends in _file';
    return {
      problem: 'is a secret and is refused here: write it into a file',
      allowed: `the path in ${fileKey}`,
    };
  }
  const guess = nearestKey(key, [...CONFIG_KEYS, ...sections()]);
  return { problem: 'is not a known key', allowed: guess === null ? null : `did you mean ${guess}?` };
}

/** True when the path is a table of the file, e.g. `web.public`. */
export function isSection(path: string): boolean {
  return CONFIG_KEYS.some((key) => key.startsWith(`${path}.`));
}

function sections(): string[] {
  return [...new Set(CONFIG_KEYS.map((key) => key.slice(0, key.lastIndexOf('.'))))];
}

/** The last part counts alone too, so that a good key in the wrong section is found. */
function nearestKey(key: string, known: readonly string[]): string | null {
  const last = key.slice(key.lastIndexOf('.') + 1);
  const elsewhere = known.find((candidate) => candidate.includes('.') && candidate.endsWith(`.${last}`));
  return nearest(key, known) ?? elsewhere ?? null;
}
