import type { ClockState } from './cloud/clock.ts';
import type { Directory } from './cloud/directory.ts';
import type { ServiceAppKeys } from './cloud/webex/service-app-token.ts';

export interface CloudReady {
  readonly type: 'cloud-ready';
  readonly port: number;
  readonly directory: Directory;
  readonly clock: ClockState;
  readonly kmsRootPem: string;
  /** How the service app refreshes its token. */
  readonly serviceAppKeys: ServiceAppKeys;
}

export interface ApplianceReady {
  readonly type: 'appliance-ready';
}

export type ChildMessage =
  | CloudReady
  | ApplianceReady
  | { readonly type: 'happening'; readonly where: string; readonly what: string }
  | { readonly type: 'clock'; readonly state: ClockState };

/** What a child of ours says; both children say `ready`, only the cloud with its port. */
export function readMessage(message: unknown): ChildMessage | null {
  if (typeof message !== 'object' || message === null || !('type' in message)) return null;
  if (message.type === 'ready' && 'port' in message)
    return { ...(message as CloudReady), type: 'cloud-ready' };
  if (message.type === 'ready') return { type: 'appliance-ready' };
  return message as ChildMessage;
}
