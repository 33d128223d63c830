import packageJson from '../../package.json' with { type: 'json' };

/** Version of this program, e.g. `0.1.0`. */
export const VERSION: string = packageJson.version;

/** What the running program is made of. */
export function buildFacts(sqlite: string): Readonly<Record<string, string>> {
  return { version: VERSION, node: process.versions.node, sqlite };
}
