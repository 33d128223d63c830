import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

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
  }

  make(): void {
    for (const folder of [this.root, this.cloud, this.ca, this.appliance, this.secrets]) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    }
    chmodSync(this.root, 0o700);
    rmSync(this.factsFile, { force: true });
  }

  /** Starts over. A folder that is not ours is never emptied; then it returns false. */
  reset(): boolean {
    if (!existsSync(this.root)) return true;
    const strangers = readdirSync(this.root).filter(
      (name) => !['cloud', 'appliance', 'staging.json'].includes(name),
    );
    if (strangers.length > 0) return false;
    for (const name of readdirSync(this.root))
      rmSync(join(this.root, name), { recursive: true, force: true });
    return true;
  }

  /** Whole or not at all, for its owner only. */
  write(file: string, text: string): void {
    writeFileSync(`${file}.new`, text, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
}
