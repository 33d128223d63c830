import { globSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Installation } from './installation.ts';

/** The administrator in a browser without script, who also looks at the database file. */
export class Administrator {
  readonly #installation: Installation;
  #cookie = '';

  constructor(installation: Installation) {
    this.#installation = installation;
  }

  /** The HTML of the status page, after signing in where needed. */
  async statusPage(): Promise<string> {
    const { adminUrl } = this.#installation.facts;
    if (this.#cookie === '') await this.#signIn();
    const answer = await this.#installation.call('GET', `${adminUrl}/`, { cookie: this.#cookie });
    if (answer.status !== 200) throw new Error(`no status page: ${answer.status}`);
    return answer.text;
  }

  /** Rows of a read-only look into the appliance's database. */
  rows(sql: string, ...values: (string | number)[]): Record<string, unknown>[] {
    const [file] = globSync(join(this.#installation.facts.applianceDir, '**', 'hybrid-calendar.db'));
    const database = new DatabaseSync(file ?? '', { readOnly: true });
    try {
      return database.prepare(sql).all(...values);
    } finally {
      database.close();
    }
  }

  async #signIn(): Promise<void> {
    const { adminUrl, admin } = this.#installation.facts;
    const form = new URLSearchParams({ name: admin.user, password: admin.password }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: adminUrl };
    const answer = await this.#installation.call('POST', `${adminUrl}/sign-in`, headers, form);
    const [cookie = ''] = String(answer.headers['set-cookie'] ?? '').split(';');
    if (answer.status !== 303 || cookie === '') throw new Error(`sign-in refused: ${answer.status}`);
    this.#cookie = cookie;
  }
}
