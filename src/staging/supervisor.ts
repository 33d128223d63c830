import { randomBytes } from 'node:crypto';
import { createWriteStream, existsSync, readFileSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import { type Credential, writeApplianceConfig } from './appliance-config.ts';
import { Child, type Program } from './child.ts';
import { type ChildMessage, type CloudReady, readMessage } from './child-message.ts';
import type { ClockState } from './cloud/clock.ts';
import type { Directory } from './cloud/directory.ts';
import { Layout } from './layout.ts';
import { askSocket } from './local-socket.ts';
import { narrateLog, type Show } from './narration.ts';
import { type Facts, stagingFacts } from './staging-facts.ts';

export interface StagingOptions {
  readonly program: Program;
  readonly dataDir: string;
  readonly adminPort: number;
  readonly publicPort: number;
  readonly cloudPort: number;
  readonly morePeople: number;
  readonly moreRooms: number;
  readonly fieldEncryption: string;
  readonly settleSeconds: number;
  readonly syncMode: string;
  readonly credential: Credential;
  readonly show: Show;
}

const POLL_MS = 50;
/** Exit codes of the appliance that another start can't mend: usage, damaged data, another instance, configuration. */
const FINAL_EXITS = new Set([2, 74, 75, 78]);

/** A whole installation of two processes: the simulated cloud and the appliance against it (design D12). */
export class Supervisor {
  readonly #o: StagingOptions;
  readonly #layout: Layout;
  readonly #password: string;
  #cloud: Child | undefined;
  #appliance: Child | undefined;
  readonly #log: WriteStream;
  #cloudReady: CloudReady | undefined;
  #clock: ClockState | undefined;
  /** Which of the two work now. */
  readonly #up = new Set<'cloud' | 'appliance'>();
  #enabled = false;
  /** Why the start can't succeed any more, however often the appliance is started again. */
  #hopeless: string | null = null;

  constructor(options: StagingOptions) {
    this.#o = options;
    this.#layout = new Layout(options.dataDir);
    this.#layout.make();
    this.#log = createWriteStream(this.#layout.applianceLog, { flags: 'a', mode: 0o600 });
    this.#password = this.#keptPassword();
  }

  /** Resolves when everything is up and every mailbox is active; rejects when the appliance refuses to start. */
  async start(): Promise<Facts> {
    this.#startCloud();
    await this.#until(() => this.#up.has('cloud'));
    if (this.#o.credential === 'certificate') await this.#certify();
    this.#startAppliance();
    await this.#until(() => this.#up.has('appliance'));
    await this.#enableEverybody();
    this.#enabled = true;
    return this.#writeFacts();
  }

  async stop(): Promise<void> {
    this.#hopeless ??= 'staging was stopped.';
    await this.#appliance?.stop();
    await this.#cloud?.stop();
    this.#layout.forgetFacts();
    this.#log.end();
  }

  #startCloud(): void {
    const { dataDir: _, cloudPort: port, morePeople, moreRooms } = this.#o;
    const { cloud: directory, ca: caDirectory } = this.#layout;
    this.#cloud = new Child(this.#o.program, {
      argv: ['staging-cloud'],
      greet: (send) => send({ type: 'start', directory, caDirectory, port, morePeople, moreRooms }),
      message: (message) => this.#heard(readMessage(message)),
      line: (line) => this.#o.show('cloud', line),
      died: (code, signal) => this.#died('cloud', signal ?? code),
    });
  }

  async #certify(): Promise<void> {
    // The certificate library takes long to load; most installations go by secret.
    const { registerClientCertificate } = await import('./client-certificate.ts');
    await registerClientCertificate(this.#layout, {
      controlUrl: `https://127.0.0.1:${this.#ready().port}/control`,
      clientId: this.#directory().appliance.clientId,
    });
  }

  #startAppliance(): void {
    const { kmsRootPem, serviceAppKeys } = this.#ready();
    const directory = this.#directory();
    writeApplianceConfig(this.#layout, { ...this.#o, kmsRootPem, serviceAppKeys, directory });
    this.#appliance = new Child(this.#o.program, {
      argv: ['staging-appliance', '--config', this.#layout.configFile],
      greet: (send) => send({ type: 'clock', state: this.#clock }),
      message: (message) => this.#heard(readMessage(message)),
      line: (line) => {
        this.#log.write(`${line}\n`);
        narrateLog(line, this.#o.show);
      },
      died: (code, signal) => this.#died('appliance', signal ?? code),
    });
  }

  #heard(message: ChildMessage | null): void {
    if (message === null) return;
    if (message.type === 'happening') this.#o.show(message.where, message.what);
    if (message.type === 'clock') this.#steer(message.state);
    if (message.type === 'cloud-ready') {
      this.#cloudReady = message;
      this.#steer(message.clock);
      this.#works('cloud', this.#cloud);
    }
    if (message.type === 'appliance-ready') this.#works('appliance', this.#appliance);
  }

  #works(name: 'cloud' | 'appliance', child: Child | undefined): void {
    this.#up.add(name);
    child?.healthy();
    if (this.#enabled) this.#writeFacts();
  }

  #died(name: 'cloud' | 'appliance', how: string | number | null): void {
    this.#up.delete(name);
    if (this.#enabled) this.#writeFacts();
    if (!this.#enabled && name === 'appliance' && FINAL_EXITS.has(Number(how)))
      this.#hopeless ??= `the appliance refuses to start (exit code ${how}); it said why above.`;
    else this.#o.show('staging', `the ${name} ended (${how}); it is started again`);
  }

  #steer(state: ClockState): void {
    this.#clock = state;
    this.#appliance?.send({ type: 'clock', state });
  }

  async #enableEverybody(): Promise<void> {
    const socket = this.#layout.commandSocket;
    const { people, rooms } = this.#directory();
    await askSocket(socket, 'POST', '/admins', { name: 'admin', password: this.#password });
    const all = [
      ...people.map((one) => ({ ...one, kind: 'person' })),
      ...rooms.map((one) => ({ ...one, kind: 'room' })),
    ];
    for (const { address, kind } of all) {
      const answer = await askSocket(socket, 'POST', '/mailboxes', { address, kind });
      if (answer.status >= 400) throw new Error(`a mailbox was refused: ${answer.text}`);
    }
    await this.#until(async () => {
      const { text } = await askSocket(socket, 'GET', '/mailboxes');
      return statesIn(text).every((state) => state === 'activated');
    });
  }

  #writeFacts(): Facts {
    const facts = stagingFacts({
      ready: this.#up.size === 2,
      cloudPort: this.#ready().port,
      adminPort: this.#o.adminPort,
      publicPort: this.#o.publicPort,
      caFile: this.#layout.caFile,
      applianceDir: this.#layout.appliance,
      appliancePid: this.#appliance?.pid ?? 0,
      cloudPid: this.#cloud?.pid ?? 0,
      password: this.#password,
      directory: this.#directory(),
    });
    this.#layout.write(this.#layout.factsFile, `${JSON.stringify(facts, null, 2)}\n`);
    return facts;
  }

  #ready(): CloudReady {
    if (this.#cloudReady === undefined) throw new Error('the cloud is not up');
    return this.#cloudReady;
  }

  #directory(): Directory {
    return this.#ready().directory;
  }

  // The same password at every start of one installation.
  #keptPassword(): string {
    const file = join(this.#layout.cloud, 'admin-password.txt');
    if (!existsSync(file)) this.#layout.write(file, randomBytes(15).toString('base64url'));
    return readFileSync(file, 'utf8').trim();
  }

  async #until(condition: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await condition())) {
      if (this.#hopeless !== null) throw new Error(this.#hopeless);
      await rest(POLL_MS);
    }
  }
}

function statesIn(text: string): string[] {
  const answer: { mailboxes: { state: string }[] } = JSON.parse(text);
  return answer.mailboxes.map((mailbox) => mailbox.state);
}
