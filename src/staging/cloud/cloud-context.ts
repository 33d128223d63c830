import type { SteeredClock } from './clock.ts';
import type { Directory } from './directory.ts';
import type { Disk } from './disk.ts';

/** Something worth showing to the person who watches staging. Simulated content may appear: it is simulated. */
export interface Happening {
  readonly where: 'login' | 'graph' | 'kms' | 'webex' | 'control';
  readonly what: string;
}

/** What every simulated service is given. */
export interface CloudContext {
  readonly disk: Disk;
  readonly clock: SteeredClock;
  readonly directory: Directory;
  /** `https://127.0.0.1:<port>` without a final slash; all simulated services live below it. */
  readonly baseUrl: string;
  /** PEM of the installation's certificate authority: simulated Graph trusts it when it calls notification URLs. */
  readonly caPem: string;
  readonly tell: (happening: Happening) => void;
}
