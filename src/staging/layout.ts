import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const OURS = /^(?:cloud|appliance|staging\.(?:json|json\.new|lock|lock-journal))$/;

/** Where everything of an installation lies below its data directory (design D12). */
export class Layout {
  readonly root: string;
  readonly cloud: string;
  readonly ca: string;
  readonly caFile: string;
  readonly appliance: string;
  readonly secrets: string;
  readonly applianceData: string;
  readonly configFile: string;
  readonly factsFile: string;
  readonly commandSocket: string;
  /** The appliance's log lines, as journald would keep them. */
  readonly applianceLog: string;

  constructor(root: string) {
    this.root = root;
    this.cloud = join(root, 'cloud');
    this.ca = join(this.cloud, 'ca');
    this.caFile = join(this.ca, 'ca.pem');
    this.appliance = join(root, 'appliance');
    this.secrets = join(this.appliance, 'secrets');
    this.applianceData = join(this.appliance, 'data');
    this.configFile = join(this.appliance, 'appliance.config.toml');
    this.factsFile = join(root, 'staging.json');
    this.commandSocket = join(this.applianceData, 'command.sock');
    this.applianceLog = join(this.appliance, 'appliance.log');
  }

  make(): void {
    this.makeRoot();
    for (const folder of [this.cloud, this.ca, this.appliance, this.secrets]) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    }
    this.forgetFacts();
  }

  /** Nothing runs: what stood there of the last run is not true any more. */
  forgetFacts(): void {
    rmSync(this.factsFile, { force: true });
  }

  /** A folder that was there before keeps its rights. */
  makeRoot(): void {
    mkdirSync(this.root, { recursive: true, mode: 0o700 });
  }

  /** Starts over. Call it under the installation's lock. Throws a sentence when other files lie there: they are not emptied. */
  reset(): void {
    const strangers = readdirSync(this.root).filter((name) => !OURS.test(name));
    if (strangers.length > 0) throw new Error(`${this.root} holds other files; it is not emptied.`);
    for (const name of ['cloud', 'appliance', 'staging.json'])
      rmSync(join(this.root, name), { recursive: true, force: true });
  }

  /** Whole or not at all, for its owner only. */
  write(file: string, text: string): void {
    writeFileSync(`${file}.new`, text, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
}
