import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { STAMP } from './stamp.ts';

/** The text of appliance.config.toml as this version ships it: every key with its default, meaning and danger. */
export function defaultConfig(): string {
  return (
    STAMP?.defaultConfig ?? readFileSync(join(import.meta.dirname, '../../appliance.config.toml'), 'utf8')
  );
}
