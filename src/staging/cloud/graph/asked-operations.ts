/** What one application asked since the cloud started. */
export interface AskedOperation {
  readonly app: 'appliance' | 'outlook';
  readonly method: string;
  /** Below `/v1.0`, with `{id}` for whose or which one: `/users/{id}/events/{id}`. */
  readonly path: string;
  readonly times: number;
}

const NAMED = new Set(['users', 'events', 'subscriptions', 'calendars', 'domains', 'groups']);

/** Counts the operations that were asked, members of batches and refused ones included. */
export class AskedOperations {
  readonly #asked = new Map<string, AskedOperation>();

  note(app: AskedOperation['app'], method: string, path: string): void {
    const template = templateOf(path);
    const key = `${app} ${method} ${template}`;
    const times = (this.#asked.get(key)?.times ?? 0) + 1;
    this.#asked.set(key, { app, method, path: template, times });
  }

  /** In the order of their first asking. */
  all(): readonly AskedOperation[] {
    return [...this.#asked.values()];
  }
}

function templateOf(path: string): string {
  const steps = path.replace(/^\/v1\.0/, '').split('/');
  return steps.map((step, n) => (NAMED.has(steps[n - 1] ?? '') ? '{id}' : step)).join('/');
}
