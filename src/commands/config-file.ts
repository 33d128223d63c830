import { type Config, formatProblems, loadConfigFile } from '../ops/config.ts';
import { EXIT } from '../ops/exit-codes.ts';

/** The checked configuration, or exit code 78 after all its problems were printed. */
export function configOf(file: string): Config | number {
  const loaded = loadConfigFile(file, process.env);
  if ('config' in loaded) return loaded.config;
  process.stderr.write(`${formatProblems(loaded.problems)}\n`);
  return EXIT.config;
}
