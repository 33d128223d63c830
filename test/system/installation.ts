import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text as readAll } from 'node:stream/consumers';
import { Agent, request } from 'undici';

/** The members of staging.json: all that a stranger may know of a running installation. */
export interface StagingFacts {
  readonly ready: boolean;
  readonly adminUrl: string;
  readonly publicUrl: string;
  readonly caFile: string;
  readonly loginUrl: string;
  readonly graphUrl: string;
  readonly tenantId: string;
  readonly kmsUrl: string;
  readonly webexUrl: string;
  readonly webexApiUrl: string;
  readonly mercuryUrl: string;
  readonly controlUrl: string;
  readonly appliancePid: number;
  readonly cloudPid: number;
  readonly applianceDir: string;
  readonly outlook: { readonly clientId: string; readonly clientSecret: string };
  readonly admin: { readonly user: string; readonly password: string };
  readonly users: readonly Account[];
  readonly rooms: readonly Account[];
}

export interface Account {
  readonly address: string;
  readonly name: string;
  readonly entraId: string;
  readonly webexUserId: string;
  readonly webexToken: string;
}

export interface Answer {
  readonly status: number;
  // What comes back is foreign JSON; each test reads the members that it asserts.
  // biome-ignore lint/suspicious/noExplicitAny: foreign JSON in tests
  readonly json: any;
  readonly text: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Which program is started, where it keeps its data and in which directory it is started (the test's own when left out). */
export interface Launch {
  readonly program: readonly string[];
  readonly directory: string;
  readonly cwd?: string;
}

/** A real installation: the program as a user starts it, on free ports and an empty directory. */
export class Installation {
  readonly directory: string;
  readonly #child: ChildProcess;
  readonly output: string[] = [];
  #agent: Agent | undefined;

  private constructor(directory: string, child: ChildProcess) {
    this.directory = directory;
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on('line', (line) => this.output.push(line));
    }
  }

  static start(...options: string[]): Promise<Installation> {
    const directory = mkdtempSync(join(tmpdir(), 'hybrid-calendar-'));
    return Installation.launch({ program: [process.execPath, 'src/main.ts'], directory }, ...options);
  }

  static async launch({ program, directory, cwd }: Launch, ...options: string[]): Promise<Installation> {
    const ports = ['--admin-port', '0', '--public-port', '0', '--cloud-port', '0'];
    const [command = '', ...argv] = [...program, 'staging', '--data-dir', directory, ...ports, ...options];
    const child = spawn(command, argv, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    const installation = new Installation(directory, child);
    await installation.until(() => installation.#readFacts()?.ready === true, 60_000);
    return installation;
  }

  /** Another command of the program, run to its end. */
  static async run(...argv: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
    const child = spawn(process.execPath, ['src/main.ts', ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
    const [stdout, stderr] = [child.stdout, child.stderr].map(async (stream) => await readAll(stream));
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { code, stdout: (await stdout) ?? '', stderr: (await stderr) ?? '' };
  }

  get facts(): StagingFacts {
    const facts = this.#readFacts();
    if (facts === null) throw new Error('staging.json is not there');
    return facts;
  }

  #readFacts(): StagingFacts | null {
    const file = join(this.directory, 'staging.json');
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
  }

  /** Waits until the condition holds; looks again at every line of output, change of the directory and 50 ms. */
  async until(condition: () => boolean | Promise<boolean>, timeoutMs = 20_000): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (!(await condition())) {
      if (this.#child.exitCode !== null)
        throw new Error(`staging ended early:\n${this.output.slice(-30).join('\n')}`);
      if (performance.now() > deadline)
        throw new Error(`waited in vain:\n${this.output.slice(-40).join('\n')}`);
      await this.#nextChange();
    }
  }

  #nextChange(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        watcher.close();
        resolve();
      };
      const watcher = watch(this.directory, done);
      const timer = setTimeout(done, 50);
    });
  }

  /** One exchange over real HTTPS, trusting the installation's own authority only. */
  async call(
    method: string,
    url: string,
    headers: Record<string, string> = {},
    body?: string,
  ): Promise<Answer> {
    this.#agent ??= new Agent({ connect: { ca: readFileSync(this.facts.caFile, 'utf8') } });
    const answer = await request(url, {
      method: method as 'GET',
      headers,
      body: body ?? null,
      dispatcher: this.#agent,
    });
    const text = await answer.body.text();
    const type = String(answer.headers['content-type'] ?? '');
    return {
      status: answer.statusCode,
      headers: answer.headers,
      text,
      json: type.includes('json') && text !== '' ? JSON.parse(text) : null,
    };
  }

  /** An order to the simulated cloud, e.g. `/kms/fault`. */
  async control(path: string, order: object): Promise<Answer> {
    const url = `${this.facts.controlUrl}${path}`;
    const answer = await this.call(
      'POST',
      url,
      { 'content-type': 'application/json' },
      JSON.stringify(order),
    );
    if (answer.status >= 300) throw new Error(`${path} was refused: ${answer.status} ${answer.text}`);
    return answer;
  }

  /** Kills the appliance and waits for its successor. */
  async restartAppliance(): Promise<void> {
    const pid = this.facts.appliancePid;
    process.kill(pid, 'SIGKILL');
    await this.until(() => this.facts.ready && this.facts.appliancePid !== pid);
  }

  async stop({ keepFiles = false } = {}): Promise<void> {
    await this.#agent?.close();
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    if (this.#child.exitCode === null) {
      this.#child.kill('SIGTERM');
      await ended;
    }
    if (!keepFiles) rmSync(this.directory, { recursive: true, force: true });
  }

  /** Of the supervisor. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get exitCode(): number | null {
    return this.#child.exitCode;
  }
}
