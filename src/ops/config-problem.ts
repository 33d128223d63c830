/** One thing that is wrong with the configuration. Values are never quoted: a secret may have slipped into the wrong place. */
export interface ConfigProblem {
  /** The file, or the environment variable that set the key. */
  readonly file: string;
  /** From 1; null when the key stands in no file. */
  readonly line: number | null;
  /** Dotted, e.g. `graph.tenant_id`; empty when the whole file is meant. */
  readonly key: string;
  /** What is wrong, as the rest of a sentence that begins with the key. */
  readonly problem: string;
  readonly allowed: string | null;
}

/** One line a problem: `file:line: key problem. Allowed: …` */
export function formatProblems(problems: readonly ConfigProblem[]): string {
  return problems.map(formatProblem).join('\n');
}

function formatProblem(p: ConfigProblem): string {
  const place = p.line === null ? p.file : `${p.file}:${p.line}`;
  const what = p.key === '' ? p.problem : `${p.key} ${p.problem}`;
  return `${place}: ${what}.${p.allowed === null ? '' : ` Allowed: ${p.allowed}.`}`;
}
