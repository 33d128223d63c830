import { type Account, type Answer, Installation } from '../../test/system/installation.ts';
import { Outlook } from '../../test/system/outlook.ts';
import { ApplianceDatabase } from '../crash/appliance-database.ts';
import type { Json } from '../crash/steadfast-outlook.ts';

export type SyncMode = 'webhook' | 'delta' | 'auto';

/** An installation whose mode of sync, clock and simulated Graph are under control; it stays the same one when the mode changes. */
export class SteeredInstallation {
  #installation: Installation;
  #outlook: Outlook;

  private constructor(installation: Installation, outlook: Outlook) {
    this.#installation = installation;
    this.#outlook = outlook;
  }

  static async start(mode: SyncMode, ...options: string[]): Promise<SteeredInstallation> {
    const installation = await Installation.start('--sync', mode, ...options);
    return new SteeredInstallation(installation, await Outlook.signIn(installation));
  }

  get installation(): Installation {
    return this.#installation;
  }

  /** Everyone who is enabled, people first. */
  get accounts(): readonly Account[] {
    const { users, rooms } = this.#installation.facts;
    return [...users, ...rooms];
  }

  get database(): ApplianceDatabase {
    return new ApplianceDatabase(this.#installation.facts.applianceDir);
  }

  /** Ends the program, whatever it is doing, and starts it again in another mode. */
  async changeMode(mode: SyncMode): Promise<void> {
    const { directory } = this.#installation;
    await this.#installation.stop({ keepFiles: true });
    const program = [process.execPath, 'src/main.ts'];
    this.#installation = await Installation.launch({ program, directory }, '--sync', mode);
    this.#outlook = await Outlook.signIn(this.#installation);
  }

  /** As people's calendar clients; they sign in again when their token is over. */
  async graph(method: string, path: string, body?: object): Promise<Answer> {
    const answer = await this.#outlook.graph(method, path, body);
    if (answer.status !== 401) return answer;
    this.#outlook = await Outlook.signIn(this.#installation);
    return this.#outlook.graph(method, path, body);
  }

  /** An order or a question to the simulated cloud. */
  async control(method: string, path: string, body?: object): Promise<Json> {
    const url = `${this.#installation.facts.controlUrl}${path}`;
    const json = { 'content-type': 'application/json' };
    const text = body === undefined ? undefined : JSON.stringify(body);
    const answer = await this.#installation.call(method, url, json, text);
    if (answer.status < 300) return answer.json;
    throw new Error(`${path} was refused: ${answer.status} ${answer.text}`);
  }

  /** Simulated epoch milliseconds. */
  async now(): Promise<number> {
    return (await this.control('GET', '/clock')).now;
  }
}
